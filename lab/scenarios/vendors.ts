import type { Scenario } from '../scenario.ts'
import { ANSWER_CASES } from './vendors/answers.ts'
import { DOWNLOAD_CASES } from './vendors/download.ts'
import { VendorsHouse } from './vendors/house.ts'

export const vendors: Scenario<VendorsHouse> = {
  name: 'vendors',
  summary: 'what a profile becomes for each vendor, read by FreeRADIUS and tshark; Cisco downloadable lists',
  counterparts: ['freeradius-utils', 'tshark'],
  open: () => VendorsHouse.open(),
  cases: [...ANSWER_CASES, ...DOWNLOAD_CASES],
}
