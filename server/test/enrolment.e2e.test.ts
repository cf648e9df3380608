import { enrolment, enrolmentOnPostgres } from '@sallyport/lab/scenarios/enrolment'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(enrolment)
testScenario(enrolmentOnPostgres)
