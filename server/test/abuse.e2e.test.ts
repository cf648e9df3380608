/** What strangers, liars and bad links do to the real server process: the cases of `npm run lab -- abuse`. */
import { abuse } from '@sallyport/lab/scenarios/abuse'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(abuse)
