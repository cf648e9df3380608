import type { Scenario } from '../scenario.ts'
import { RadiusHouse } from './radius/house.ts'
import { LOGIN_CASES } from './radius/logins.ts'
import { REFUSAL_CASES } from './radius/refusals.ts'

export const radius: Scenario<RadiusHouse> = {
  name: 'radius',
  summary:
    'radclient and pyrad log in and report sessions; wrong, repeated and unknown packets; tshark, openssl',
  counterparts: ['freeradius-utils', 'python3-pyrad', 'tshark', 'openssl'],
  open: () => RadiusHouse.open(),
  cases: [...LOGIN_CASES, ...REFUSAL_CASES],
}
