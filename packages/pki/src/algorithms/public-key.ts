import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { readOctetAlignedBits } from '../der/der-values.ts'
import { TAG } from '../der/tags.ts'

/** Curves of NIST SP 800-186 that every TLS stack has. */
const CURVES: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1']

/** The key of a SubjectPublicKeyInfo, or undefined where OpenSSL does not understand it. */
export function importPublicKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

export function exportSpki(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'spki' })
}

export interface KeyRules {
  /** Least modulus of RSA keys in bits. */
  readonly minimumRsaBits: number
}

/** Why a key is too weak to trust, in words, or undefined where it is strong enough. */
export function keyWeakness(key: KeyObject | undefined, rules: KeyRules): string | undefined {
  if (key === undefined) return 'public key of an unknown type or curve'
  const details = key.asymmetricKeyDetails
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss': {
      const bits = details?.modulusLength ?? 0
      if (bits < rules.minimumRsaBits) return `RSA key of ${bits} bits, wanted ${rules.minimumRsaBits}`
      const exponent = details?.publicExponent ?? 0n
      if (exponent < 3n || exponent % 2n === 0n) return `RSA public exponent ${exponent}`
      return bits > 16384 ? `RSA key of ${bits} bits costs too much to use` : undefined
    }
    case 'ec':
      return CURVES.includes(details?.namedCurve ?? '')
        ? undefined
        : `curve ${details?.namedCurve ?? 'unknown'}`
    case 'ed25519':
    case 'ed448':
      return undefined
    default:
      return `public key of type ${key.asymmetricKeyType ?? 'unknown'}`
  }
}

/** RFC 5280 section 4.2.1.2, method (1): SHA-1 of the subjectPublicKey bits. A label, not a security measure. */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  const reader = new DerReader(onlyElement(spki, TAG.sequence, 'SubjectPublicKeyInfo').content)
  reader.expect(TAG.sequence, 'key algorithm')
  const bits = readOctetAlignedBits(reader.expect(TAG.bitString, 'subjectPublicKey'))
  return createHash('sha1').update(bits).digest()
}
