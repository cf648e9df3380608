import type { KeyObject } from 'node:crypto'
import { keyWeakness } from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { weakModulus } from './weak-modulus.ts'

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'p256', secp384r1: 'p384', secp521r1: 'p521' }

/** OpenSSL takes a public exponent of any size; a long one only costs whoever verifies. */
const LARGEST_EXPONENT = 2n ** 64n

/** Why a template does not certify this key; undefined: it does. */
export function keyFault(
  key: KeyObject | undefined,
  template: CertificateTemplateConfiguration,
): Reason | undefined {
  const { algorithms, minimumRsaBits } = template.keys
  const weakness = keyWeakness(key, { minimumRsaBits }) ?? exponentFault(key)
  if (weakness !== undefined || key === undefined) {
    return reason('enrolment-key-weak', { detail: weakness ?? 'it cannot be read' })
  }
  const found = nameOf(key)
  const allowed: readonly string[] = algorithms
  if (!allowed.includes(found)) {
    return reason('enrolment-key-not-allowed', { template: template.name, found, allowed })
  }
  const detail = found === 'rsa' ? weakModulus(modulusOf(key)) : undefined
  return detail === undefined ? undefined : reason('enrolment-key-weak', { detail })
}

function exponentFault(key: KeyObject | undefined): string | undefined {
  const exponent = key?.asymmetricKeyDetails?.publicExponent
  return exponent !== undefined && exponent > LARGEST_EXPONENT
    ? 'an RSA public exponent of more than 64 bits'
    : undefined
}

function nameOf(key: KeyObject): string {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = key
  return type === 'ec' ? (CURVES[asymmetricKeyDetails?.namedCurve ?? ''] ?? 'ec') : type
}

function modulusOf(key: KeyObject): bigint {
  const { n = '' } = key.export({ format: 'jwk' })
  return BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
}
