/** eapol_test against the real server process: the cases of `npm run lab -- eap`, on both engines. */

import { eap, eapOnPostgres } from '@sallyport/lab/scenarios/eap'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(eap)
testScenario(eapOnPostgres)
