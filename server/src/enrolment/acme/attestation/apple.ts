import { hash } from 'node:crypto'
import type { Certificate } from '@sallyport/pki'
import { attestationCertificate } from './attestation-chain.ts'
import type { CborMap } from './cbor.ts'
import type { AttestationQuestion } from './check-attestation.ts'

/** Apple's extensions of Managed Device Attestation; each value is text or octets without a DER wrapping. */
const SERIAL_NUMBER = '1.2.840.113635.100.8.9.1'
const UDID = '1.2.840.113635.100.8.9.2'
const FRESHNESS = '1.2.840.113635.100.8.11.1'

/** The certificate an Apple device got for its new key: it names the device, the key and the challenge. */
export function checkApple(statement: CborMap, question: AttestationQuestion): Certificate | string {
  const certificate = attestationCertificate(statement, question.roots, question.now)
  if (typeof certificate === 'string') return certificate
  const value = (oid: string): Buffer | undefined => {
    const extension = certificate.rawExtensions.get(oid)
    return extension === undefined ? undefined : Buffer.from(extension.value)
  }
  // Without it the attestation may be that of another challenge, of any age.
  const freshness = value(FRESHNESS)
  if (freshness === undefined) return 'it carries no freshness code'
  if (!freshness.equals(hash('sha256', question.token, 'buffer'))) return 'it is for another challenge'
  const names = [value(SERIAL_NUMBER), value(UDID)].filter((name) => name !== undefined && name.length > 0)
  if (names.some((name) => name?.toString('latin1') === question.device)) return certificate
  const shown = names.map((name) => name?.toString('latin1').slice(0, 64)).join(', ')
  return shown === '' ? 'it names no device' : `it is for the device ${shown}`
}
