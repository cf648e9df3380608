/** hostapd and wpa_supplicant against the real server process: the cases of `npm run lab -- dot1x`. */

import { dot1x } from '@sallyport/lab/scenarios/dot1x'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(dot1x)
