import { type Certificate, decodePem, PkiError, parseCertificate, validateCertificate } from '@sallyport/pki'
import type { CborMap } from './cbor.ts'

const MOST_CERTIFICATES = 5

/** The certificate of an attestation, once its chain leads to a root that is configured. A string says why it does not. */
export function attestationCertificate(statement: CborMap, roots: string, now: number): Certificate | string {
  const chain = statement.get('x5c')
  if (!Array.isArray(chain) || chain.length === 0 || chain.length > MOST_CERTIFICATES)
    return 'x5c is not a chain'
  const octets: readonly unknown[] = chain
  const certificates: Certificate[] = []
  for (const each of octets) {
    if (!(each instanceof Uint8Array)) return 'x5c is not a chain'
    try {
      certificates.push(parseCertificate(each))
    } catch (error) {
      if (error instanceof PkiError) return 'a certificate of x5c cannot be read'
      throw error
    }
  }
  const anchors = decodePem('CERTIFICATE', roots).map(parseCertificate)
  if (anchors.length === 0) return 'no roots of device makers are configured'
  const [leaf, ...sent] = certificates
  if (leaf === undefined) return 'x5c is not a chain'
  const verdict = validateCertificate(leaf, sent, { anchors, at: now, purpose: 'any', revocation: 'off' })
  return verdict.ok ? leaf : `its chain leads to no root that is configured (${verdict.reason})`
}
