/** eapol_test against the real server process: the cases of `npm run lab -- eap`, one subtest each. */

import { eap } from '@sallyport/lab/scenarios/eap'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(eap)
