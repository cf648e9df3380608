import type { GatewayKind } from '../config/schema.ts'
import type { GatewayOutput } from './gateway-output.ts'
import { ARUBA } from './gateways/aruba.ts'
import { CISCO_ASA } from './gateways/cisco/cisco-asa.ts'
import { CISCO_IOS } from './gateways/cisco/cisco-ios.ts'
import { DRAYTEK } from './gateways/draytek.ts'
import { OPNSENSE, PFSENSE } from './gateways/firewalls.ts'
import { FORTIGATE } from './gateways/fortigate.ts'
import { HOSTAPD } from './gateways/hostapd/hostapd.ts'
import { MIKROTIK } from './gateways/mikrotik.ts'
import { STRONGSWAN } from './gateways/strongswan/strongswan.ts'
import { UNIFI } from './gateways/unifi.ts'
import { NPS_PROXY } from './gateways/windows/nps-proxy.ts'
import { RRAS } from './gateways/windows/rras.ts'

/** The settings of every kind of gateway. */
export const GATEWAY_OUTPUTS: Readonly<Record<GatewayKind, GatewayOutput>> = {
  strongswan: STRONGSWAN,
  rras: RRAS,
  'nps-proxy': NPS_PROXY,
  mikrotik: MIKROTIK,
  draytek: DRAYTEK,
  opnsense: OPNSENSE,
  pfsense: PFSENSE,
  fortigate: FORTIGATE,
  'cisco-asa': CISCO_ASA,
  'cisco-ios': CISCO_IOS,
  hostapd: HOSTAPD,
  unifi: UNIFI,
  aruba: ARUBA,
}
