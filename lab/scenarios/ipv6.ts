import { namespaceObstacle } from '../network.ts'
import type { Scenario } from '../scenario.ts'
import { IPV6_CASES } from './ipv6/cases.ts'
import { Ipv6House } from './ipv6/house.ts'

export const ipv6: Scenario<Ipv6House> = {
  name: 'ipv6',
  summary: 'IPv6 from end to end: clients, listeners, link-local addresses, attributes, accounting, the API',
  counterparts: ['freeradius-utils', 'eapoltest', 'iproute2'],
  obstacle: namespaceObstacle,
  open: () => Ipv6House.open(),
  cases: IPV6_CASES,
}
