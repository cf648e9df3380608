import { namespaceObstacle } from '../network.ts'
import type { Scenario } from '../scenario.ts'
import { SLAPD_PACKAGES } from '../slapd.ts'
import { OUTAGE_CASES } from './directory-outage/cases.ts'
import { OutageHouse } from './directory-outage/house.ts'
import { WATCH_CASES } from './directory-outage/watch.ts'

export const directoryOutage: Scenario<OutageHouse> = {
  name: 'directory-outage',
  summary:
    'a directory that hangs, is cut off and stopped under load: who is let in meanwhile, and who is told',
  counterparts: [...SLAPD_PACKAGES, 'freeradius-utils', 'eapoltest', 'python3-pyrad'],
  obstacle: namespaceObstacle,
  open: () => OutageHouse.open(),
  cases: [...OUTAGE_CASES, ...WATCH_CASES],
}
