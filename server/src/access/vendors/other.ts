import { aclTerms, gatewayTerms, managementTerms, vlanTerms, voiceTerms } from './standard.ts'
import type { VendorTerms } from './term.ts'

/** A device of any make: the standards, and nothing that only one vendor has. */
export const OTHER: VendorTerms = {
  ...gatewayTerms,
  ...vlanTerms,
  ...voiceTerms,
  ...aclTerms,
  ...managementTerms,
}
