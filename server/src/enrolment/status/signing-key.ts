import { toHex } from '@sallyport/bytes'
import { decodePem, parseCertificate } from '@sallyport/pki'
import { caKeyId } from '../publication-paths.ts'

/** Identifier of the key that signed a certificate of ours; undefined where there is none to read. */
export function signingKeyIn(pem: string | null): string | undefined {
  const [der] = pem === null ? [] : decodePem('CERTIFICATE', pem)
  if (der === undefined) return undefined
  const certificate = parseCertificate(der)
  const signer = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
  // A root signs itself, and need not say so.
  return signer === undefined ? caKeyId(certificate) : toHex(signer)
}
