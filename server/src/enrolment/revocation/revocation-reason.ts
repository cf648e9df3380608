import { type Certificate, certificateNames } from '@sallyport/pki'
import type { CertificateFacts } from '../../policy/facts.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { RevocationAnswer, RevocationEvidence, RevocationUnknown } from './revocation-answer.ts'

type Refusing = Exclude<RevocationAnswer, { kind: 'good' }>

/** @param path the path that was asked about, leaf first */
export function revocationReason(answer: Refusing, path: readonly Certificate[], now: number): Reason {
  const offender = path[answer.certificate] ?? path[0]
  if (offender === undefined) return reason('certificate-revocation-unknown', {})
  const { subject, issuer, serial } = certificateNames(offender)
  if (answer.kind === 'revoked') {
    const revokedAt = new Date(answer.revokedAt).toISOString()
    const source = sourceText(answer.evidence, now)
    return reason('certificate-revoked', { subject, serial, revokedAt, why: answer.reason, source })
  }
  return unknownReason(answer, { subject, issuer })
}

function unknownReason(
  { why, host, detail, endedAt }: RevocationUnknown,
  names: { readonly subject: string; readonly issuer: string },
): Reason {
  switch (why) {
    case 'unreachable':
      return reason('certificate-revocation-unreachable', { ...names, host, detail })
    case 'stale': {
      const ended = endedAt === undefined ? undefined : new Date(endedAt).toISOString()
      return reason('certificate-revocation-stale', { ...names, host, ended, detail })
    }
    case 'ocsp-unknown':
      return reason('certificate-ocsp-unknown', { ...names, host })
    case 'untrusted':
      return reason('certificate-responder-untrusted', { ...names, host, detail })
    case 'unnamed':
      return reason('certificate-revocation-unnamed', names)
    case 'unrecorded':
      return reason('certificate-unrecorded', { ...names, serial: detail })
    case 'records-unavailable':
      return reason('certificate-records-unavailable', { ...names, detail })
    case 'unusable':
      return reason('certificate-revocation-unknown', { ...names, host, detail })
  }
}

export function revocationFacts(
  { evidence }: Extract<RevocationAnswer, { kind: 'good' }>,
  now: number,
): Required<Pick<CertificateFacts, 'revocation' | 'revocationSource'>> {
  if (evidence !== undefined) return { revocation: evidence.by, revocationSource: sourceText(evidence, now) }
  return { revocation: 'none', revocationSource: 'the certificate names nobody to ask' }
}

/** `CRL 1001 of pki.example.org, 35 minutes old, known from before`. */
function sourceText({ by, host, number, thisUpdate, fresh }: RevocationEvidence, now: number): string {
  if (by === 'record') return `the records of ${host}`
  const what = {
    crl: `CRL${number === undefined ? '' : ` ${number}`}`,
    ocsp: 'OCSP',
    grace: 'the last answer',
  }
  const known = fresh ? 'asked just now' : 'known from before'
  return `${what[by]} of ${host}, ${ageText(now - thisUpdate)} old, ${known}`
}

function ageText(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000))
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours < 72 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}
