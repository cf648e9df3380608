/** strongSwan against the real server process: the cases of `npm run lab -- vpn-coa`. */

import { vpnCoa } from '@sallyport/lab/scenarios/vpn-coa'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(vpnCoa)
