import { attribute } from '@sallyport/radius'
import { FortinetAccessProfile, FortinetGroupName } from '@sallyport/radius/attributes'
import { gatewayTerms, vlanTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'

/** FortiGate, FortiAP and FortiSwitch. */
export const FORTINET: VendorTerms = {
  ...gatewayTerms,
  ...vlanTerms,
  role: term('vendor', 'Fortinet-Group-Name', (role) => [attribute(FortinetGroupName, role)]),
  adminRole: term('vendor', 'Fortinet-Access-Profile', (role) => [attribute(FortinetAccessProfile, role)]),
}
