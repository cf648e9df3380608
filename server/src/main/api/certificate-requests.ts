import {
  type CertificationRequest,
  certificateNames,
  decodePem,
  encodePem,
  nameText,
  parseCertificate,
  parseCertificationRequest,
} from '@sallyport/pki'
import { CertificateStore } from '../../enrolment/certificate-store.ts'
import { nameInText } from '../../enrolment/registration/allowed-names.ts'
import {
  type CertificateRequestRecord,
  CertificateRequestStore,
} from '../../enrolment/registration/certificate-request-store.ts'
import type {
  CertificateRequest,
  CertificateRequestDetail,
  CertificateRequestService,
} from '../../listeners/https/services.ts'
import { reason } from '../../reasons/index.ts'
import {
  type CertificateIssuing,
  failure,
  type IssuingParts,
  refusal,
  requestOctets,
} from './certificate-issuing.ts'
import { instant, optional } from './instant.ts'

/** Requests that were made, those that wait, and what administrators decide about them. */
export function certificateRequestApi(
  { reader, registration }: Pick<IssuingParts, 'reader' | 'registration'>,
  issuing: CertificateIssuing,
): CertificateRequestService {
  const requests = new CertificateRequestStore(reader.kysely)
  const certificates = new CertificateStore(reader.kysely)
  const existing = async (id: number): Promise<CertificateRequestRecord> => {
    const record = await requests.find(id)
    if (record === undefined) throw refusal(reason('enrolment-request-unknown', { id }))
    return record
  }
  const detail = async (id: number): Promise<CertificateRequestDetail> => {
    const record = await existing(id)
    const pem = record.serial === null ? undefined : (await certificates.find(record.serial))?.pem
    const [der] = typeof pem === 'string' ? decodePem('CERTIFICATE', pem) : []
    const request = parseCertificationRequest(record.request)
    return {
      ...requestOf(record),
      request: encodePem('CERTIFICATE REQUEST', record.request),
      asked: askedOf(request),
      ...(der !== undefined && {
        certificate: encodePem('CERTIFICATE', der),
        notAfter: certificateNames(parseCertificate(der)).notAfter,
      }),
    }
  }
  return {
    list: async (query) => {
      const { rows, next } = await requests.list(query)
      return { items: rows.map(requestOf), ...optional('next', next) }
    },
    get: detail,
    create: async ({ user, template, days, request }, author) => {
      const identity = user === undefined ? undefined : await issuing.accountOf(user)
      const outcome = await registration.request({
        protocol: 'request',
        requester: { by: 'administrator', name: author, ...optional('identity', identity) },
        request: requestOctets(request),
        ...optional('template', template),
        ...optional('days', days),
      })
      if (outcome.kind === 'refused' || outcome.kind === 'unavailable') throw failure(outcome)
      return await detail(outcome.id)
    },
    decide: async (id, { to, note }, author) => {
      const { status } = await existing(id)
      const outcome =
        to === 'approved'
          ? await registration.approve(id, author, note ?? null)
          : await registration.deny(id, author, note ?? null)
      if (outcome === undefined || outcome === false)
        throw refusal(reason('enrolment-request-decided', { id, status }))
      // It is approved, and still not to be issued: the account is gone, the template changed.
      if (outcome !== true && (outcome.kind === 'refused' || outcome.kind === 'unavailable')) {
        throw failure(outcome)
      }
      return await detail(id)
    },
  }
}

function requestOf(record: CertificateRequestRecord): CertificateRequest {
  return {
    id: record.id,
    status: record.status,
    template: record.template,
    protocol: record.protocol,
    requester: record.requester,
    createdAt: instant(record.created_at),
    ...optional('holder', record.holder_id),
    ...optional('deviceId', record.device_id),
    ...optional('renews', record.renews),
    ...optional('serial', record.serial),
    ...optional('decidedAt', record.decided_at === null ? null : instant(record.decided_at)),
    ...optional('decidedBy', record.decided_by),
    ...optional('note', record.note),
  }
}

/** What whoever approves must have read. */
function askedOf({ subject, extensions, publicKey }: CertificationRequest) {
  const details = publicKey?.asymmetricKeyDetails
  const size = details?.namedCurve ?? details?.modulusLength
  return {
    subject: nameText(subject),
    names: (extensions.subjectAltName ?? []).map(nameInText),
    key: [publicKey?.asymmetricKeyType ?? 'unknown', ...(size === undefined ? [] : [size])].join(' '),
  }
}
