import { DerReader } from '../der/der-reader.ts'
import { expectOid } from '../der/der-values.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { PkiError } from '../pki-error.ts'

/** RFC 2743 section 3.1: the frame of the first token of GSS-API. */
const INITIAL_TOKEN = 0x60
const SPNEGO = '1.3.6.1.5.5.2'
/** RFC 4121, and the number Microsoft once wrote for it (RFC 4178 appendix B). */
const KERBEROS: ReadonlySet<string> = new Set(['1.2.840.113554.1.2.2', '1.2.840.48018.1.2.2'])

/**
 * Whether the first token of HTTP Negotiate (RFC 4559) is one of Kerberos: by itself, or as what SPNEGO prefers. A client that
 * also knows NTLM may list it; a token that begins NTLM, bare or inside, is none. Answers everything a peer can send.
 */
export function isKerberosToken(octets: Uint8Array): boolean {
  try {
    const token = new DerReader(new DerReader(octets).expect(INITIAL_TOKEN, 'GSS-API token').content)
    const mechanism = expectOid(token, 'mechanism')
    return mechanism === SPNEGO ? prefersKerberos(token) : KERBEROS.has(mechanism)
  } catch (error) {
    if (error instanceof PkiError) return false
    throw error
  }
}

/** RFC 4178 section 4.2.1: the token inside is of the first mechanism of the list. */
function prefersKerberos(token: DerReader): boolean {
  const negotiation = new DerReader(token.expect(contextConstructed(0), 'NegotiationToken').content)
  const init = negotiation.enter(TAG.sequence, 'NegTokenInit')
  const types = new DerReader(init.expect(contextConstructed(0), 'mechTypes').content)
  if (!KERBEROS.has(expectOid(types.enter(TAG.sequence, 'MechTypeList'), 'mechanism'))) return false
  while (!init.done) if (init.any().tag === contextConstructed(2)) return true
  // Without a token inside somebody would choose later.
  return false
}
