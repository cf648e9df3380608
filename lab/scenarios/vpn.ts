import { existsSync } from 'node:fs'
import { STRONGSWAN_PACKAGES } from '../charon.ts'
import { namespaceObstacle } from '../network.ts'
import { PEAP_PLUGIN_PACKAGES } from '../peap-plugin.ts'
import { SAMBA_PACKAGES } from '../samba-domain.ts'
import type { Scenario } from '../scenario.ts'
import { CHANGE_CASES } from './vpn/changes.ts'
import { VpnHouse } from './vpn/house.ts'
import { OUTAGE_CASES } from './vpn/outage.ts'
import { REFUSAL_CASES } from './vpn/refusals.ts'
import { TUNNEL_CASES } from './vpn/tunnels.ts'
import { WIRED_CASES } from './vpn/wired.ts'

export const vpn: Scenario<VpnHouse> = {
  name: 'vpn',
  summary:
    'from DNS to tunnel: Samba AD, strongSwan and hostapd on generated files alone, and what ends a tunnel',
  counterparts: [
    ...SAMBA_PACKAGES,
    ...STRONGSWAN_PACKAGES,
    ...PEAP_PLUGIN_PACKAGES,
    ...(['hostapd', 'wpasupplicant', 'iputils-ping', 'nftables'] as const),
  ],
  obstacle: () =>
    namespaceObstacle() ?? (existsSync('/dev/net/tun') ? undefined : 'no /dev/net/tun for ESP in user space'),
  open: () => VpnHouse.open(),
  cases: [...TUNNEL_CASES, ...REFUSAL_CASES, ...CHANGE_CASES, ...OUTAGE_CASES, ...WIRED_CASES],
}
