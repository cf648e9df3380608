/** radclient and pyrad while clients change: the cases of `npm run lab -- clients`. */
import { clients } from '@sallyport/lab/scenarios/clients'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(clients)
