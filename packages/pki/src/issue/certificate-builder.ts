import { signatureAlgorithmFor, signOctets } from '../algorithms/signature-algorithm.ts'
import type { SigningKey } from '../algorithms/signer.ts'
import { type Certificate, parseCertificate } from '../certificate/certificate.ts'
import { type Extension, encodeExtensions } from '../certificate/extension.ts'
import { bitString, explicit, integer, sequence, time } from '../der/der-writer.ts'
import type { DistinguishedName } from '../names/distinguished-name.ts'

/** Every field of a version 3 certificate, without any opinion: `issueCertificate` has the opinions. */
export interface CertificateFields {
  /** Big-endian magnitude. */
  readonly serial: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  readonly notBefore: number
  readonly notAfter: number
  readonly spki: Uint8Array
  readonly extensions: readonly Extension[]
}

/** Encodes and signs; the result is read back, so that what leaves here is what a reader sees. */
export function signCertificate(fields: CertificateFields, issuerKey: SigningKey): Certificate {
  const algorithm = signatureAlgorithmFor(issuerKey)
  const tbs = sequence(
    explicit(0, integer(2)),
    integer(fields.serial),
    algorithm.encoded,
    fields.issuer.encoded,
    sequence(time(fields.notBefore), time(fields.notAfter)),
    fields.subject.encoded,
    fields.spki,
    ...(fields.extensions.length > 0 ? [explicit(3, encodeExtensions(fields.extensions))] : []),
  )
  const signature = signOctets(algorithm, issuerKey, tbs)
  return parseCertificate(sequence(tbs, algorithm.encoded, bitString(signature)))
}
