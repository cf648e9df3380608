import { attribute } from '@sallyport/radius'
import { FilterId } from '@sallyport/radius/attributes'
import { ciscoPairTerms } from './cisco-pairs.ts'
import { sessionTerms, vlanTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'

/** MR access points and MS switches; the dashboard's attribute for group policies must be Filter-Id (its default). */
export const MERAKI: VendorTerms = {
  ...sessionTerms,
  ...vlanTerms,
  ...ciscoPairTerms,
  role: term('vendor', 'Filter-Id (a group policy)', (role) => [attribute(FilterId, role)]),
}
