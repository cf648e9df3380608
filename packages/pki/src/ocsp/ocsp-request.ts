import type { Certificate } from '../certificate/certificate.ts'
import { encodeExtensions } from '../certificate/extension.ts'
import { explicit, octetString, sequence } from '../der/der-writer.ts'
import { OCSP } from '../oids.ts'
import { type CertIdHash, certIdOf, encodeCertId } from './cert-id.ts'

export interface OcspQuestion {
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** Default SHA-1: every responder knows it, and RFC 5019 wants it. */
  readonly hash?: CertIdHash
  /** RFC 8954: 1 to 32 octets. Responders that answer from a store leave it out of their answer. */
  readonly nonce?: Uint8Array
}

/** An unsigned OCSPRequest about one certificate (RFC 6960 section 4.1, RFC 5019 section 2.1). */
export function createOcspRequest({ certificate, issuer, hash = 'sha1', nonce }: OcspQuestion): Uint8Array {
  const request = sequence(encodeCertId(certIdOf(certificate, issuer, hash)))
  const extensions =
    nonce === undefined
      ? []
      : [explicit(2, encodeExtensions([{ oid: OCSP.nonce, critical: false, value: octetString(nonce) }]))]
  return sequence(sequence(sequence(request), ...extensions))
}
