import type { Scenario } from '../scenario.ts'
import { MAB_CASES } from './mab/cases.ts'
import { MabHouse } from './mab/house.ts'

export const mab: Scenario<MabHouse> = {
  name: 'mab',
  summary: 'radclient and eapol_test as switches of several vendors ask for MAC addresses; users stay users',
  counterparts: ['freeradius-utils', 'eapoltest'],
  open: () => MabHouse.open(),
  cases: MAB_CASES,
}
