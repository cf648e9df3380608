import type { Scenario } from '../scenario.ts'
import { CLIENT_CASES } from './clients/cases.ts'
import { ClientsHouse } from './clients/house.ts'

export const clients: Scenario<ClientsHouse> = {
  name: 'clients',
  summary:
    'radclient and pyrad while secrets change, with and without Message-Authenticator, and as strangers',
  counterparts: ['freeradius-utils', 'python3-pyrad'],
  open: () => ClientsHouse.open(),
  cases: CLIENT_CASES,
}
