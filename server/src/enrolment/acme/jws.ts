import { createHmac, timingSafeEqual, verify } from 'node:crypto'
import {
  type AccountKey,
  readAccountKey,
  SIGNATURE_ALGORITHMS,
  type SignatureAlgorithm,
} from './account-key.ts'
import { decodeBase64url, readJsonObject } from './base64url.ts'
import { type Problem, problem } from './problem.ts'

/** A JWS in its flattened form (RFC 7515 section 7.2.2) as RFC 8555 section 6.2 narrows it; nothing is verified yet. */
export interface Jws {
  readonly algorithm: string
  readonly url: string
  readonly nonce: string | undefined
  /** Exactly one of `kid` and `jwk` is there. */
  readonly kid: string | undefined
  readonly jwk: unknown
  readonly payload: Buffer
  /** What is signed. */
  readonly signed: string
  readonly signature: Buffer
}

export function isProblem(value: object): value is Problem {
  return 'type' in value && 'reason' in value
}

function malformed(detail: string): Problem {
  return problem('malformed', 'acme-request-malformed', { detail })
}

/** Reads a body. @returns a problem where it is not such a JWS */
export function readJws(body: unknown): Jws | Problem {
  const outer = body instanceof Uint8Array ? readJsonObject(body) : undefined
  if (outer === undefined) return malformed('the body is not a JSON object')
  return readJwsObject(outer)
}

export function readJwsObject(outer: Readonly<Record<string, unknown>>): Jws | Problem {
  if ('signatures' in outer) return malformed('the JWS has several signatures')
  if ('header' in outer) return malformed('the JWS has an unprotected header')
  const { protected: protectedText, payload: payloadText } = outer
  const header = decodeBase64url(protectedText)
  const payload = decodeBase64url(payloadText)
  const signature = decodeBase64url(outer.signature)
  if (header === undefined || payload === undefined || signature === undefined) {
    return malformed('protected, payload and signature are not all base64url')
  }
  const fields = readJsonObject(header)
  if (fields === undefined) return malformed('the protected header is not a JSON object')
  const { alg, url, nonce, kid, jwk } = fields
  // RFC 7515 section 4.1.11: what must be understood, and RFC 7797: a payload that is not base64url.
  if ('crit' in fields || 'b64' in fields)
    return malformed('the header has extensions nobody here understands')
  if (typeof alg !== 'string') return malformed('alg is missing')
  if (typeof url !== 'string') return malformed('url is missing')
  if (nonce !== undefined && typeof nonce !== 'string') return malformed('nonce is not text')
  if (kid !== undefined && typeof kid !== 'string') return malformed('kid is not text')
  if ((kid === undefined) === (jwk === undefined)) return malformed('there must be either jwk or kid')
  const signed = `${String(protectedText)}.${String(payloadText)}`
  return { algorithm: alg, url, nonce, kid, jwk, payload, signed, signature }
}

/** The key a JWS carries. @returns a problem where it is none we take */
export function keyOf(jws: Jws): AccountKey | Problem {
  const key = readAccountKey(jws.jwk)
  return typeof key === 'string' ? problem('badPublicKey', 'acme-key-refused', { detail: key }) : key
}

const HASHES: Readonly<Record<SignatureAlgorithm, string | null>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  RS256: 'sha256',
  EdDSA: null,
}

/** Undefined where this key made the signature. The key says the algorithm, the header may only agree. */
export function signatureProblem(jws: Jws, { key, algorithm }: AccountKey): Problem | undefined {
  const known: readonly string[] = SIGNATURE_ALGORITHMS
  if (!known.includes(jws.algorithm)) {
    const refused = problem('badSignatureAlgorithm', 'acme-signature-refused', {
      detail: `the algorithm ${jws.algorithm.slice(0, 20)} is not taken`,
    })
    return { ...refused, algorithms: SIGNATURE_ALGORITHMS }
  }
  const isValid =
    jws.algorithm === algorithm &&
    verify(HASHES[algorithm], Buffer.from(jws.signed), { key, dsaEncoding: 'ieee-p1363' }, jws.signature)
  return isValid
    ? undefined
    : problem('malformed', 'acme-signature-refused', {
        detail: 'the signature is not that of the account key',
      })
}

/** RFC 8555 section 7.3.4: whether somebody who knows the key of an external account made this JWS. */
export function hasMac(jws: Jws, secret: Uint8Array): boolean {
  const mac = createHmac('sha256', secret).update(jws.signed).digest()
  return (
    jws.algorithm === 'HS256' && mac.length === jws.signature.length && timingSafeEqual(mac, jws.signature)
  )
}
