import { existsSync } from 'node:fs'
import { STRONGSWAN_PACKAGES } from '../charon.ts'
import { namespaceObstacle } from '../network.ts'
import type { Scenario } from '../scenario.ts'
import { VPN_COA_CASES } from './vpn-coa/cases.ts'
import { VpnHouse } from './vpn-coa/house.ts'

export const vpnCoa: Scenario<VpnHouse> = {
  name: 'vpn-coa',
  summary: 'strongSwan as gateway and client: IKEv2 with EAP-MSCHAPv2, CoA, Disconnect',
  counterparts: [...STRONGSWAN_PACKAGES, ...(['iproute2', 'iputils-ping', 'openssl'] as const)],
  obstacle: () =>
    namespaceObstacle() ?? (existsSync('/dev/net/tun') ? undefined : 'no /dev/net/tun for ESP in user space'),
  open: () => VpnHouse.open(),
  cases: VPN_COA_CASES,
}
