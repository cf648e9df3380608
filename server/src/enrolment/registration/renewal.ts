import { type Certificate, certificateNames, serialText } from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { CertificateRecord, CertificateStore } from '../certificate-store.ts'
import type { EnrolmentOutcome } from './registration.ts'
import type { RenewedCertificate } from './request-check.ts'
import type { EnrolmentIdentities, Requester } from './requester.ts'

export interface Renewal {
  /** The holder of the certificate, as the account is now. */
  readonly requester: Requester
  /** Of the certificate that is replaced. */
  readonly serial: string
  /** Absent: the certificate is replaced by one of another template, which is a first request for that. */
  readonly certificate?: RenewedCertificate
}

export type RenewalOutcome =
  | { readonly ok: true; readonly renewal?: Renewal }
  | { readonly ok: false; readonly outcome: EnrolmentOutcome }

interface RenewalRequest {
  readonly certificate: Certificate
  readonly requester: Requester
  /** Named by the protocol. */
  readonly template: string | undefined
}

interface Parts {
  readonly certificates: Pick<Remote<CertificateStore>, 'find'>
  readonly identities: EnrolmentIdentities
  readonly templates: () => readonly CertificateTemplateConfiguration[]
  readonly clock: Clock
}

/**
 * Whether a certificate may be renewed, and who holds it. The row decides, not the certificate that was shown: it must be
 * ours to the octet, issued by a template, valid and neither revoked nor held; its holder must exist and be let in now.
 */
export async function resolveRenewal(
  { certificate, requester, template }: RenewalRequest,
  { certificates, identities, templates, clock }: Parts,
): Promise<RenewalOutcome> {
  const serial = serialText(certificate.serial)
  const record = await certificates.find(serial)
  const fault = recordFault(record, certificate, clock.now())
  if (fault !== undefined || record === undefined || record.template === null) {
    return refused(fault ?? unknown(certificate))
  }
  const other = otherHolder(record, requester)
  if (other !== undefined) return refused(other)
  const holder = await holderNow(record, requester, identities)
  if (!holder.ok) return holder
  const { subjectAltName: names = [] } = certificate.extensions
  const named = templates().find(({ name }) => name.toLowerCase() === template?.toLowerCase())
  const isReplaced = named?.supersedes.includes(record.template) === true && named.name !== record.template
  return {
    ok: true,
    renewal: {
      requester: holder.requester,
      serial,
      ...(!isReplaced && { certificate: { template: record.template, names } }),
    },
  }
}

function recordFault(
  record: CertificateRecord | undefined,
  certificate: Certificate,
  now: number,
): Reason | undefined {
  const { subject, serial } = certificateNames(certificate)
  if (record?.fingerprint !== certificate.fingerprint) return unknown(certificate)
  if (record.status === 'revoked' || record.status === 'held') {
    const revokedAt = new Date(record.revoked_at ?? now).toISOString()
    const why = record.revocation_reason ?? undefined
    return reason('certificate-revoked', { subject, serial, revokedAt, why })
  }
  if (record.status !== 'issued') return unknown(certificate)
  if (now > certificate.notAfter) {
    const [notAfter, at] = [certificate.notAfter, now].map((time) => new Date(time).toISOString())
    return reason('certificate-expired', { subject, notAfter, now: at })
  }
  return undefined
}

function unknown(certificate: Certificate): Reason {
  const { subject, serial } = certificateNames(certificate)
  return reason('enrolment-renewal-unknown', { subject, serial })
}

/** Whoever is proved beside the certificate must be its holder. */
function otherHolder(
  { holder_id, holder_name, device_id }: CertificateRecord,
  { name, identity, deviceId }: Requester,
): Reason | undefined {
  const isOther =
    (identity !== undefined && identity.id !== holder_id) ||
    (deviceId !== undefined && deviceId !== device_id)
  if (!isOther) return undefined
  return reason('enrolment-renewal-of-other', { requester: name, holder: holder_name ?? undefined })
}

async function holderNow(
  { holder_id: id, holder_name: name, device_id: deviceId }: CertificateRecord,
  { identity: _, ...proved }: Requester,
  identities: EnrolmentIdentities,
): Promise<{ ok: true; requester: Requester } | { ok: false; outcome: EnrolmentOutcome }> {
  const requester: Requester = { ...proved, ...(deviceId !== null && { deviceId }) }
  if (id === null) return { ok: true, requester }
  const answer = await identities.byId(id, name ?? '')
  if (answer.kind !== 'known') return { ok: false, outcome: answer }
  return { ok: true, requester: { ...requester, identity: answer.identity } }
}

function refused(why: Reason): { ok: false; outcome: EnrolmentOutcome } {
  return { ok: false, outcome: { kind: 'refused', reason: why } }
}
