/** A directory that fails under load: the cases of `npm run lab -- directory-outage`. */
import { directoryOutage } from '@sallyport/lab/scenarios/directory-outage'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(directoryOutage)
