import type { KeyObject } from 'node:crypto'
import { exportSpki } from '../algorithms/public-key.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { signCertificate } from '../issue/certificate-builder.ts'
import { keyUsage } from '../issue/extension-encoders.ts'
import { newSerialNumber } from '../issue/serial-number.ts'
import type { DistinguishedName } from '../names/distinguished-name.ts'

/**
 * The certificate a client without any signs its request with (RFC 8894 section 2.3): the key of the request, its subject,
 * good for a few days. It proves nothing but that the client has this key.
 */
export function createSelfSignedCertificate(request: {
  readonly subject: DistinguishedName
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
}): Certificate {
  const { subject, publicKey, privateKey } = request
  return signCertificate(
    {
      serial: newSerialNumber(),
      issuer: subject,
      subject,
      notBefore: wholeSeconds(request.notBefore),
      notAfter: wholeSeconds(request.notAfter),
      spki: exportSpki(publicKey),
      extensions: [keyUsage('digitalSignature', 'keyEncipherment')],
    },
    privateKey,
  )
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000
}
