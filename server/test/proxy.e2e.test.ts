/** The cases of `npm run lab -- proxy`: real clients through the real server process to real servers. */

import { proxy } from '@sallyport/lab/scenarios/proxy'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(proxy)
