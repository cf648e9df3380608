import type { Scenario } from '../scenario.ts'
import { DIRECTORY_CASES } from './sessions/directory.ts'
import { SessionsHouse } from './sessions/house.ts'
import { LIMIT_CASES } from './sessions/limits.ts'

export const sessions: Scenario<SessionsHouse> = {
  name: 'sessions',
  summary:
    'radclient and pyrad report sessions out of order, twice, wrapped; eapol_test meets a session limit',
  counterparts: ['freeradius-utils', 'python3-pyrad', 'eapoltest'],
  open: () => SessionsHouse.open('sqlite'),
  cases: [...DIRECTORY_CASES, ...LIMIT_CASES],
}

const TAKES_TIME = /is lost when|counts until|runs out|no-clock/

export const sessionsOnPostgres: Scenario<SessionsHouse> = {
  ...sessions,
  name: 'sessions-postgres',
  summary: 'the same on PostgreSQL, without the cases that wait for time to pass',
  counterparts: [...sessions.counterparts, 'postgresql'],
  open: () => SessionsHouse.open('postgres'),
  cases: sessions.cases.filter(({ name }) => !TAKES_TIME.test(name)),
}
