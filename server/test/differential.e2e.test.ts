/** eapol_test against our server and against hostapd's: the cases of `npm run lab -- differential`. */
import { differential } from '@sallyport/lab/scenarios/differential'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(differential)
