import {
  type Certificate,
  certificateNames,
  PkiError,
  parseCertificate,
  serialText,
  validateCertificate,
} from '@sallyport/pki'
import { type Reason, reason } from '../../reasons/index.ts'
import { certificateReason } from '../certificate-reason.ts'
import type { CertificateRecord } from '../certificate-store.ts'

export interface OwnCertificateParts {
  /** Every issuing CA of ours that has not ended. */
  readonly issuers: () => readonly Certificate[]
  readonly find: (serial: string) => Promise<CertificateRecord | undefined>
}

export type OwnCertificateVerdict =
  | { readonly ok: true; readonly certificate: Certificate; readonly record: CertificateRecord }
  | { readonly ok: false; readonly reason: Reason }

/**
 * Whether a certificate somebody proved the key of is one we issued, and counts now. Our own word on it stands in the
 * store: revoking shows at once, and no CRL has to be built or fetched. Its extended key usages do not matter: a VPN
 * gateway's renews as a user's does.
 */
export async function judgeOwnCertificate(
  der: Uint8Array,
  now: number,
  { issuers, find }: OwnCertificateParts,
): Promise<OwnCertificateVerdict> {
  let certificate: Certificate
  try {
    certificate = parseCertificate(der)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return { ok: false, reason: reason('certificate-malformed', { detail: error.message }) }
  }
  const verdict = validateCertificate(certificate, [], {
    anchors: issuers(),
    at: now,
    purpose: 'any',
    revocation: 'off',
  })
  if (!verdict.ok) return { ok: false, reason: certificateReason(verdict, now) }
  const record = await find(serialText(certificate.serial))
  const { subject, serial, issuer } = certificateNames(certificate)
  if (record === undefined || record.fingerprint !== certificate.fingerprint)
    return { ok: false, reason: reason('certificate-untrusted-ca', { subject, issuer }) }
  if (record.status !== 'issued') {
    const revokedAt = record.revoked_at === null ? undefined : new Date(record.revoked_at).toISOString()
    const why = record.revocation_reason ?? undefined
    return { ok: false, reason: reason('certificate-revoked', { subject, serial, revokedAt, why }) }
  }
  return { ok: true, certificate, record }
}
