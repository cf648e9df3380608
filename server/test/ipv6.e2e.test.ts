/** radclient and eapol_test over IPv6: the cases of `npm run lab -- ipv6`. */
import { ipv6 } from '@sallyport/lab/scenarios/ipv6'
import { testScenario } from '@sallyport/lab/test-scenario'

testScenario(ipv6)
