/** radclient and tshark read what each vendor gets: the cases of `npm run lab -- vendors`. */
import { vendors } from '@sallyport/lab/scenarios/vendors'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(vendors)
