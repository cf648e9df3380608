import { attribute } from '@sallyport/radius'
import { PaloAltoAdminRole, PaloAltoUserGroup } from '@sallyport/radius/attributes'
import { addressTerms, sessionTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'

/** PAN-OS and GlobalProtect. */
export const PALOALTO: VendorTerms = {
  ...sessionTerms,
  framedIpAddress: addressTerms.framedIpAddress,
  role: term('vendor', 'PaloAlto-User-Group', (role) => [attribute(PaloAltoUserGroup, role)]),
  adminRole: term('vendor', 'PaloAlto-Admin-Role', (role) => [attribute(PaloAltoAdminRole, role)]),
}
