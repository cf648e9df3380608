/** Real directories behind the real server process: the cases of `npm run lab -- directory`. */
import { directory } from '@sallyport/lab/scenarios/directory'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(directory)
