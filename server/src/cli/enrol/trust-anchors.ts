import { toHex } from '@sallyport/bytes'
import { type Certificate, decodePem, encodePem, hasIssued, parseCertificate } from '@sallyport/pki'
import { CliError, usageError } from '../cli-error.ts'

export function certificatesIn(pem: string): Certificate[] {
  return decodePem('CERTIFICATE', pem).map((der) => parseCertificate(der))
}

export function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('')
}

/** SHA-256 as people copy it: with or without colons, in any case. */
export function readFingerprint(text: string): string {
  const hex = text.replaceAll(/[:\s]/g, '').toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw usageError('--fingerprint takes a SHA-256 fingerprint: 64 hex digits.')
  return hex
}

/** The CA somebody read the fingerprint of, out of what a server sent that nothing else vouches for. */
export function anchorByFingerprint(sent: readonly Certificate[], fingerprint: string): Certificate {
  const anchor = sent.find((certificate) => certificate.fingerprint === fingerprint)
  if (anchor === undefined) {
    const seen = sent.map((certificate) => certificate.fingerprint).join(', ') || 'none'
    throw new CliError(`The server has no CA certificate with this fingerprint. It sent: ${seen}`)
  }
  return anchor
}

/**
 * The anchors after a server sent its CA certificates anew (RFC 7030 section 4.1.3): those that were trusted, and each new root
 * that a trusted one vouches for, by a certificate for the very key of the new root that the old root signed ("NewWithOld",
 * RFC 4210 section 4.4). A root that came alone is not taken, whoever sent it.
 */
export function rolledOver(
  trusted: readonly Certificate[],
  sent: readonly Certificate[],
  now: number,
): readonly Certificate[] {
  const anchors = [...trusted.filter(({ notAfter }) => notAfter >= now)]
  for (const root of sent) {
    if (!hasIssued(root, root) || anchors.some(({ fingerprint }) => fingerprint === root.fingerprint))
      continue
    const isVouchedFor = sent.some(
      (bridge) =>
        toHex(bridge.spki) === toHex(root.spki) &&
        bridge.subject.key === root.subject.key &&
        bridge.extensions.basicConstraints?.ca === true &&
        isValid(bridge, now) &&
        anchors.some((old) => isValid(old, now) && hasIssued(old, bridge)),
    )
    if (isVouchedFor && isValid(root, now)) anchors.push(root)
  }
  return anchors
}

function isValid({ notBefore, notAfter }: Certificate, now: number): boolean {
  return now >= notBefore && now <= notAfter
}
