/** radclient, pyrad and eapol_test against the session directory and its limits: `npm run lab -- sessions`. */
import { sessions, sessionsOnPostgres } from '@sallyport/lab/scenarios/sessions'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(sessions)
testScenario(sessionsOnPostgres)
