/** The cases of `npm run lab -- tacacs`: real clients through the real server process to TACACS+ servers. */

import { tacacs } from '@sallyport/lab/scenarios/tacacs'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(tacacs)
