import type { AcmeKeyTable } from '../../store/schema.ts'
import { readAccountKey } from './account-key.ts'
import type { AcmeParts, SignedCall } from './acme-call.ts'
import { readJsonObject } from './base64url.ts'
import { hasMac, isProblem, readJwsObject } from './jws.ts'
import { type Problem, problem } from './problem.ts'

/** What the MAC key of an external account is sealed for. */
export function keyContext(id: string): string {
  return `acme-keys/${id}/mac-key`
}

/**
 * RFC 8555 section 7.3.4: whoever knows the MAC key gives its external account to the key of this account. Undefined: none
 * was shown, and none is needed.
 */
export async function checkExternalAccount(
  { payload, links, key, template }: SignedCall,
  isOpen: boolean,
  { read, sealer, clock }: Pick<AcmeParts, 'read' | 'sealer' | 'clock'>,
): Promise<AcmeKeyTable | Problem | undefined> {
  const binding = payload?.externalAccountBinding
  if (binding === undefined) {
    if (isOpen) return undefined
    return problem('externalAccountRequired', 'acme-external-account-required', { template: template.name })
  }
  if (typeof binding !== 'object' || binding === null) {
    return problem('malformed', 'acme-request-malformed', { detail: 'externalAccountBinding is not a JWS' })
  }
  // Looked at field by field by the reader.
  const jws = readJwsObject(binding as Readonly<Record<string, unknown>>)
  if (isProblem(jws)) return jws
  const { kid = '' } = jws
  const refuse = (detail: string): Problem =>
    problem('unauthorized', 'acme-external-account-refused', { key: kid.slice(0, 64), detail })
  if (jws.kid === undefined || jws.nonce !== undefined || jws.url !== links.to('new-account')) {
    return refuse('its JWS needs kid and the url of newAccount, and no nonce')
  }
  const bound = readAccountKey(readJsonObject(jws.payload))
  if (typeof bound === 'string' || bound.thumbprint !== key.thumbprint) {
    return refuse('it is bound to another account key')
  }
  const found = await read.key(kid)
  // One answer for a key that does not exist and for one whose MAC key the client does not know.
  const secret =
    found === undefined
      ? Buffer.alloc(32)
      : Buffer.from(sealer.open(found.mac_key_sealed, keyContext(kid)), 'base64url')
  if (!hasMac(jws, secret) || found === undefined) return refuse('there is no such key, or the MAC is wrong')
  if (found.template !== template.name) return refuse(`it is for template ${found.template}`)
  if (found.acme_account !== null) return refuse('another account was made with it already')
  if (found.expires_at <= clock.now()) return refuse('its time is over')
  return found
}
