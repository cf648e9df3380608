/** The tutorial, from DNS to tunnel: the cases of `npm run lab -- vpn`. */

import { vpn } from '@sallyport/lab/scenarios/vpn'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(vpn)
