/** radclient, pyrad and tshark against the relay of the real server process: the cases of `npm run lab -- coa`. */

import { coa } from '@sallyport/lab/scenarios/coa'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(coa)
