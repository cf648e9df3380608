/** radclient and eapol_test as switches that ask for MAC addresses: the cases of `npm run lab -- mab`. */
import { mab } from '@sallyport/lab/scenarios/mab'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(mab)
