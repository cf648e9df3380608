import { gatewayTerms, vlanTerms } from './standard.ts'
import type { VendorTerms } from './term.ts'

/** Vigor routers and VigorAP. No public dictionary of DrayTek's own attributes is known to us: the standards alone. */
export const DRAYTEK: VendorTerms = { ...gatewayTerms, ...vlanTerms }
