import { gatewayTerms, vlanTerms } from './standard.ts'
import type { VendorTerms } from './term.ts'
import { wisprTerms } from './wispr.ts'

/** UniFi access points, switches and gateways. */
export const UBIQUITI: VendorTerms = { ...gatewayTerms, ...vlanTerms, ...wisprTerms }
