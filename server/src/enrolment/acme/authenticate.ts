import { type AccountKey, readAccountKey } from './account-key.ts'
import type { AccountCall, AcmeCall, AcmeParts, SignedCall } from './acme-call.ts'
import { readJsonObject } from './base64url.ts'
import { isProblem, type Jws, keyOf, readJws, signatureProblem } from './jws.ts'
import { Links } from './links.ts'
import type { Nonces } from './nonces.ts'
import { type Problem, problem } from './problem.ts'
import { servedTemplate } from './served-template.ts'

/** The cheap checks come first, and the store is asked for nobody whose nonce is not ours. */
export async function authenticate(
  call: AcmeCall,
  nonces: Nonces,
  { read, configuration }: Pick<AcmeParts, 'read' | 'configuration'>,
): Promise<(SignedCall & Partial<AccountCall>) | Problem> {
  const template = servedTemplate(call.template, configuration())
  if (isProblem(template)) return template
  const jws = readJws(call.body)
  if (isProblem(jws)) return jws
  const links = new Links(call.base, call.template)
  const asked = links.to(call.path)
  // RFC 8555 section 6.4: a request for one resource must not be good for another.
  if (jws.url !== asked)
    return problem('unauthorized', 'acme-url-differs', { signed: jws.url.slice(0, 200), asked })
  if (jws.nonce === undefined || !nonces.use(jws.nonce)) return problem('badNonce', 'acme-nonce-refused', {})
  const signer = await signerOf(jws, links, call.template, read)
  if (isProblem(signer)) return signer
  const wrong = signatureProblem(jws, signer.key)
  if (wrong !== undefined) return wrong
  if (signer.account !== undefined && signer.account.status !== 'valid') {
    const { id } = signer.account
    // RFC 8555 section 7.3.6 says 401.
    return problem('unauthorized', 'acme-account-deactivated', { account: id }, { status: 401 })
  }
  const payload = jws.payload.length === 0 ? undefined : readJsonObject(jws.payload)
  if (jws.payload.length > 0 && payload === undefined) {
    return problem('malformed', 'acme-request-malformed', { detail: 'the payload is not a JSON object' })
  }
  return { links, template, from: call.from, payload, ...signer }
}

async function signerOf(
  jws: Jws,
  links: Links,
  template: string,
  read: AcmeParts['read'],
): Promise<{ key: AccountKey; account?: AccountCall['account'] } | Problem> {
  if (jws.kid === undefined) {
    const key = keyOf(jws)
    return isProblem(key) ? key : { key }
  }
  const id = links.accountIdOf(jws.kid)
  const account = id === undefined ? undefined : await read.account(id)
  if (account === undefined || account.template !== template) {
    return problem('accountDoesNotExist', 'acme-account-unknown', {})
  }
  const key = readAccountKey(JSON.parse(account.jwk))
  // What was stored was read by this very function.
  if (typeof key === 'string') return problem('serverInternal', 'acme-failed', {})
  return { key, account }
}
