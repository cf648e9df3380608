import type { Scenario } from '../scenario.ts'
import { ACCOUNTING_CASES } from './proxy/accounting.ts'
import { FAILOVER_CASES } from './proxy/failover.ts'
import { ProxyHouse } from './proxy/house.ts'
import { LOGIN_CASES } from './proxy/logins.ts'
import { SOURCE_CASES } from './proxy/sources.ts'

export const proxy: Scenario<ProxyHouse> = {
  name: 'proxy',
  summary: 'radclient and eapol_test through us to two FreeRADIUS servers, which fail, hang and come back',
  counterparts: ['freeradius', 'freeradius-utils', 'eapoltest', 'tshark', 'openssl'],
  open: () => ProxyHouse.open(),
  cases: [...LOGIN_CASES, ...SOURCE_CASES, ...FAILOVER_CASES, ...ACCOUNTING_CASES],
}
