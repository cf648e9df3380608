import { existsSync } from 'node:fs'
import { namespaceObstacle } from '../network.ts'
import type { Scenario } from '../scenario.ts'
import { VPN_COA_CASES } from './vpn-coa/cases.ts'
import { VpnHouse } from './vpn-coa/house.ts'

export const vpnCoa: Scenario<VpnHouse> = {
  name: 'vpn-coa',
  summary: 'strongSwan as gateway and client: IKEv2 with EAP-MSCHAPv2, CoA, Disconnect',
  counterparts: [
    'strongswan-charon',
    'strongswan-swanctl',
    'libcharon-extra-plugins',
    'libcharon-extauth-plugins',
    'libstrongswan-standard-plugins',
    'libstrongswan-extra-plugins',
    'iproute2',
    'iputils-ping',
    'openssl',
  ],
  obstacle: () =>
    namespaceObstacle() ?? (existsSync('/dev/net/tun') ? undefined : 'no /dev/net/tun for ESP in user space'),
  open: () => VpnHouse.open(),
  cases: VPN_COA_CASES,
}
