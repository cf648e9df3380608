import { type Certificate, encodePem } from '@sallyport/pki'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileFile } from '../profile-output.ts'

/** Roots and intermediates the gateway sends along and checks by, a file each: most devices import one at a time. */
export function certificateFiles(inputs: readonly ProfileInput[]): readonly ProfileFile[] {
  const certificates = new Map<string, Certificate>()
  for (const { gatewayAnchors, intermediates } of inputs) {
    for (const certificate of [...gatewayAnchors, ...intermediates]) {
      certificates.set(Buffer.from(certificate.der).toString('base64'), certificate)
    }
  }
  return [...certificates.values()].map((certificate, index) => ({
    name: `ca-${String(index + 1)}.pem`,
    mediaType: 'application/x-pem-file',
    content: encodePem('CERTIFICATE', certificate.der),
    holdsSecret: false,
  }))
}
