import { gatewayTerms } from './standard.ts'
import type { VendorTerms } from './term.ts'

/** Routing and Remote Access (RRAS). It hands out DNS servers of its own where it does not take ours. */
export const MICROSOFT: VendorTerms = gatewayTerms
