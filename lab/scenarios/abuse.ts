import type { Scenario } from '../scenario.ts'
import { FLOODS } from './abuse/floods.ts'
import { FRAGMENTS } from './abuse/fragments.ts'
import { HALF_OPEN } from './abuse/half-open.ts'
import { AbuseHouse } from './abuse/house.ts'
import { IDENTITIES } from './abuse/identities.ts'
import { LOSS } from './abuse/loss.ts'
import { REPLAYS } from './abuse/replays.ts'

export const abuse: Scenario<AbuseHouse> = {
  name: 'abuse',
  summary:
    'floods, replays, lies and bad links: nobody comes in who should not, and eapol_test still logs in',
  counterparts: ['eapoltest', 'freeradius-utils'],
  open: () => AbuseHouse.open(),
  cases: [...REPLAYS, IDENTITIES, ...FRAGMENTS, ...FLOODS, LOSS, HALF_OPEN],
}
