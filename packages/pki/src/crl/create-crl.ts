import { keyIdentifier } from '../algorithms/public-key.ts'
import { signatureAlgorithmFor, signOctets } from '../algorithms/signature-algorithm.ts'
import { type Extension, encodeExtensions } from '../certificate/extension.ts'
import { bitString, enumerated, explicit, integer, sequence, time } from '../der/der-writer.ts'
import { authorityKeyIdentifier } from '../issue/extension-encoders.ts'
import type { CertificateIssuer } from '../issue/issue-certificate.ts'
import { EXTENSION } from '../oids.ts'
import { invalidRequest } from '../pki-error.ts'
import { type Crl, parseCrl } from './crl.ts'
import { CRL_REASONS, type CrlReason } from './crl-reason.ts'

export interface CrlRequest {
  readonly issuer: CertificateIssuer
  /** Grows with every list of this issuer (RFC 5280 section 5.2.3). */
  readonly number: number
  readonly thisUpdate: number
  readonly nextUpdate: number
  readonly revoked: readonly {
    readonly serial: Uint8Array
    readonly revokedAt: number
    readonly reason: CrlReason
  }[]
  /** Beyond the authority key identifier and the number. */
  readonly extensions?: readonly Extension[]
}

/** Signs a full version 2 CRL. */
export function createCrl(request: CrlRequest): Crl {
  const { certificate, privateKey } = request.issuer
  if (!(request.thisUpdate < request.nextUpdate))
    throw invalidRequest('nextUpdate is not later than thisUpdate')
  const algorithm = signatureAlgorithmFor(privateKey)
  const identifier = certificate.extensions.subjectKeyIdentifier ?? keyIdentifier(certificate.spki)
  const extensions = [
    authorityKeyIdentifier(identifier),
    { oid: EXTENSION.cRLNumber, critical: false, value: integer(request.number) },
    ...(request.extensions ?? []),
  ]
  const tbs = sequence(
    integer(1),
    algorithm.encoded,
    certificate.subject.encoded,
    time(request.thisUpdate),
    time(request.nextUpdate),
    // RFC 5280 section 5.1.2.6: the list is absent when nothing is revoked.
    ...(request.revoked.length > 0 ? [sequence(...request.revoked.map(encodeEntry))] : []),
    explicit(0, encodeExtensions(extensions)),
  )
  return parseCrl(sequence(tbs, algorithm.encoded, bitString(signOctets(algorithm, privateKey, tbs))))
}

function encodeEntry({ serial, revokedAt, reason }: CrlRequest['revoked'][number]): Uint8Array {
  // Section 5.3.1: `unspecified` is expressed by leaving the reason out.
  const extensions =
    reason === 'unspecified'
      ? []
      : [
          encodeExtensions([
            { oid: EXTENSION.cRLReason, critical: false, value: enumerated(CRL_REASONS.indexOf(reason)) },
          ]),
        ]
  return sequence(integer(serial), time(revokedAt), ...extensions)
}
