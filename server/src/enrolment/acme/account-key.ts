import { createPublicKey, hash, type JsonWebKeyInput, type KeyObject } from 'node:crypto'
import { decodeBase64url } from './base64url.ts'

type JsonWebKey = JsonWebKeyInput['key']

/** Algorithms an account may sign with (RFC 8555 section 6.2): signatures alone, never `none` and never a MAC. */
export const SIGNATURE_ALGORITHMS = ['ES256', 'ES384', 'RS256', 'EdDSA'] as const
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number]

export interface AccountKey {
  /** The members RFC 7638 counts and no other. */
  readonly jwk: JsonWebKey
  /** RFC 7638: base64url of the SHA-256 of the key's canonical JSON. */
  readonly thumbprint: string
  readonly key: KeyObject
  /** The one algorithm this key signs with. */
  readonly algorithm: SignatureAlgorithm
}

export type KeyFault = string

const SHORTEST_RSA_BITS = 2048
const LONGEST_RSA_BITS = 4096
const CURVES: Readonly<Record<string, readonly [SignatureAlgorithm, number]>> = {
  'P-256': ['ES256', 32],
  'P-384': ['ES384', 48],
}

/** Reads the public key of an account (RFC 7517). A string says what is wrong with it. */
export function readAccountKey(value: unknown): AccountKey | KeyFault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'jwk is not an object'
  const jwk = value as Readonly<Record<string, unknown>> // looked at one line above
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((member) => Object.hasOwn(jwk, member))) {
    return 'jwk holds a secret: only the public key belongs there'
  }
  const canonical = canonicalKey(jwk)
  if (typeof canonical === 'string') return canonical
  const [members, algorithm] = canonical
  let key: KeyObject
  try {
    key = createPublicKey({ key: members, format: 'jwk' })
  } catch {
    return 'jwk is not a valid key'
  }
  // In the order of RFC 7638 section 3.3: by name.
  return { jwk: members, key, algorithm, thumbprint: hash('sha256', JSON.stringify(members), 'base64url') }
}

function canonicalKey(
  jwk: Readonly<Record<string, unknown>>,
): readonly [JsonWebKey, SignatureAlgorithm] | KeyFault {
  const { kty, crv, x, y, n, e } = jwk
  if (kty === 'EC') {
    const curve = typeof crv === 'string' && Object.hasOwn(CURVES, crv) ? CURVES[crv] : undefined
    if (curve === undefined || typeof crv !== 'string') return 'the curve of jwk is not P-256 or P-384'
    const [algorithm, length] = curve
    if (!hasLength(x, length) || !hasLength(y, length)) return 'jwk is not a point of its curve'
    return [{ crv, kty, x, y }, algorithm]
  }
  if (kty === 'OKP') {
    if (crv !== 'Ed25519' || !hasLength(x, 32)) return 'jwk of type OKP is not an Ed25519 key'
    return [{ crv, kty, x }, 'EdDSA']
  }
  if (kty === 'RSA') {
    const modulus = decodeBase64url(n)
    const exponent = decodeBase64url(e)
    if (modulus === undefined || exponent === undefined || typeof n !== 'string' || typeof e !== 'string') {
      return 'jwk is not an RSA key'
    }
    const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
    if (modulus[0] === 0 || bits < SHORTEST_RSA_BITS || bits > LONGEST_RSA_BITS) {
      return `the RSA key has ${bits} bits, not ${SHORTEST_RSA_BITS} to ${LONGEST_RSA_BITS}`
    }
    // 65537 is what everybody has; small exponents are an old mistake, long ones cost the server.
    if (exponent.toString('hex') !== '010001') return 'the exponent of the RSA key is not 65537'
    return [{ e, kty, n }, 'RS256']
  }
  return 'the type of jwk is not EC, RSA or OKP'
}

function hasLength(text: unknown, length: number): text is string {
  return decodeBase64url(text)?.length === length
}
