import { sessionTerms, vlanTerms, voiceTerms } from './standard.ts'
import type { VendorTerms } from './term.ts'

/** hostapd: VLANs where the driver has them (dynamic_vlan), untagged and tagged. */
export const HOSTAPD: VendorTerms = { ...sessionTerms, ...vlanTerms, ...voiceTerms }
