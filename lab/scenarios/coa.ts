import type { Scenario } from '../scenario.ts'
import { COA_CASES } from './coa/cases.ts'
import { CoaHouse } from './coa/house.ts'

export const coa: Scenario<CoaHouse> = {
  name: 'coa',
  summary:
    'radclient and pyrad send CoA and Disconnect to us, pyrad is the device they are relayed to; tshark',
  counterparts: ['freeradius-utils', 'python3-pyrad', 'tshark'],
  open: () => CoaHouse.open(),
  cases: COA_CASES,
}
