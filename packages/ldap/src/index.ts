/**
 * The client's half of LDAPv3 (RFC 4511) that checking users needs: simple bind, search, paged results (RFC 2696), StartTLS,
 * abandon, unbind; filters (RFC 4515) and distinguished names (RFC 4514). Octets in, octets out: no sockets.
 *
 * What it takes from a server is bounded by `MessageFramer`, and read without recursion.
 */
export { dnKey, isBelowDn, isSameDn, parseDn, type RelativeName } from './distinguished-name.ts'
export { Entry } from './entry.ts'
export { filter, octetsInFilter, textInDn, textInFilter } from './escape.ts'
export { encodeFilter } from './filter-encoder.ts'
export { LdapError, type LdapErrorCode } from './ldap-error.ts'
export { MessageFramer } from './message-framer.ts'
export {
  abandonRequest,
  bindRequest,
  type SearchRequest,
  searchRequest,
  startTlsRequest,
  unbindRequest,
} from './requests.ts'
export { type LdapResponse, type LdapResult, type PasswordPolicyFault, readResponse } from './responses.ts'
export { RESULT, resultName } from './result-codes.ts'
export { OID } from './tags.ts'
