/** radclient, pyrad, tshark and openssl against the real server process: the cases of `npm run lab -- radius`. */
import { radius } from '@sallyport/lab/scenarios/radius'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(radius)
