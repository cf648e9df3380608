import { namespaceObstacle } from '../network.ts'
import type { Scenario } from '../scenario.ts'
import { DOT1X_CASES } from './dot1x/cases.ts'
import { Dot1xHouse } from './dot1x/house.ts'

export const dot1x: Scenario<Dot1xHouse> = {
  name: 'dot1x',
  summary: 'a switch port (hostapd) and a supplicant (wpa_supplicant): VLAN, re-authentication, Disconnect',
  counterparts: ['hostapd', 'wpasupplicant', 'iproute2', 'iputils-ping'],
  obstacle: namespaceObstacle,
  open: () => Dot1xHouse.open(),
  cases: DOT1X_CASES,
}
