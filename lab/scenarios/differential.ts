import type { Scenario } from '../scenario.ts'
import { DifferentialHouse } from './differential/house.ts'
import { LOGIN_CASES } from './differential/logins.ts'

export const differential: Scenario<DifferentialHouse> = {
  name: 'differential',
  summary: 'the same logins of eapol_test to our server and to the one inside hostapd end the same way',
  counterparts: ['eapoltest', 'hostapd', 'openssl'],
  open: () => DifferentialHouse.open(),
  cases: LOGIN_CASES,
}
