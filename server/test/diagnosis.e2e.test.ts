/** Every way a login fails, for real, with names of this run alone: the cases of `npm run lab -- diagnosis`. */
import { randomInt } from 'node:crypto'
import { diagnosis } from '@sallyport/lab/scenarios/diagnosis'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(diagnosis(randomInt(2 ** 31)))
