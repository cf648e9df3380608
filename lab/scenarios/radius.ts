import type { Scenario } from '../scenario.ts'
import { ANSWER_CASES } from './radius/answers.ts'
import { RadiusHouse } from './radius/house.ts'
import { HTTPS_CASES } from './radius/https.ts'
import { LOGIN_CASES } from './radius/logins.ts'
import { MUTATION_CASES } from './radius/mutations.ts'
import { SILENCE_CASES } from './radius/silence.ts'

export const radius: Scenario<RadiusHouse> = {
  name: 'radius',
  summary:
    'radclient and pyrad log in and report sessions; wrong, repeated and unknown packets; tshark, openssl',
  counterparts: ['freeradius-utils', 'python3-pyrad', 'tshark', 'openssl'],
  open: () => RadiusHouse.open(),
  cases: [...LOGIN_CASES, ...SILENCE_CASES, ...ANSWER_CASES, ...MUTATION_CASES, ...HTTPS_CASES],
}
