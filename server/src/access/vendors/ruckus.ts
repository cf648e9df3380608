import { attribute } from '@sallyport/radius'
import { RuckusUserGroups } from '@sallyport/radius/attributes'
import { sessionTerms, vlanTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'
import { wisprTerms } from './wispr.ts'

/** SmartZone, ZoneDirector, Unleashed. */
export const RUCKUS: VendorTerms = {
  ...sessionTerms,
  ...vlanTerms,
  ...wisprTerms,
  role: term('vendor', 'Ruckus-User-Groups', (role) => [attribute(RuckusUserGroups, role)]),
}
