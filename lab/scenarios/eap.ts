import type { Scenario } from '../scenario.ts'
import { CHANGE_CASES } from './eap/changes.ts'
import { EapHouse } from './eap/house.ts'
import { METHOD_CASES } from './eap/methods.ts'
import { OWN_CLIENT_CASES } from './eap/own-client.ts'
import { REFUSAL_CASES } from './eap/refusals.ts'
import { RESUMPTION_CASES } from './eap/resumption.ts'

export const eap: Scenario<EapHouse> = {
  name: 'eap',
  summary:
    'eapol_test logs in by every method, is refused for every reason, and resumes only what still holds',
  counterparts: ['eapoltest', 'openssl'],
  open: () => EapHouse.open('sqlite'),
  cases: [...METHOD_CASES, ...REFUSAL_CASES, ...CHANGE_CASES, ...RESUMPTION_CASES, ...OWN_CLIENT_CASES],
}

export const eapOnPostgres: Scenario<EapHouse> = {
  ...eap,
  name: 'eap-postgres',
  summary: 'the same, with everything kept in PostgreSQL',
  counterparts: [...eap.counterparts, 'postgresql'],
  open: () => EapHouse.open('postgresql'),
}
