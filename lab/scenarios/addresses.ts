import { namespaceObstacle } from '../network.ts'
import type { Scenario } from '../scenario.ts'
import { ADDRESSES_CASES } from './addresses/cases.ts'
import { AddressesHouse } from './addresses/house.ts'

export const addresses: Scenario<AddressesHouse> = {
  name: 'addresses',
  summary:
    'A server with several addresses: answers leave from the one that was asked; addresses come and go',
  counterparts: ['freeradius-utils', 'iproute2'],
  obstacle: namespaceObstacle,
  open: () => AddressesHouse.open(),
  cases: ADDRESSES_CASES,
}
