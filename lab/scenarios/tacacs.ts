import type { Scenario } from '../scenario.ts'
import { TACACS_CASES } from './tacacs/cases.ts'
import { TacacsHouse } from './tacacs/house.ts'

export const tacacs: Scenario<TacacsHouse> = {
  name: 'tacacs',
  summary: 'radclient and eapol_test through us to two TACACS+ servers, which misbehave, hang and come back',
  counterparts: ['freeradius-utils', 'eapoltest', 'tshark', 'libauthen-tacacsplus-perl', 'python3-pyrad'],
  open: () => TacacsHouse.open(),
  cases: TACACS_CASES,
}
