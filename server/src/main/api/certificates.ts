import { encodePem } from '@sallyport/pki'
import { pemOf } from '../../enrolment/authority/kept-authority.ts'
import { type CertificateRecord, CertificateStore } from '../../enrolment/certificate-store.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Certificate, Services } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import type { Publication } from '../enrolment/publication.ts'
import type { CertificateIssuing } from './certificate-issuing.ts'
import { instant, optional } from './instant.ts'

/** Without a CA nothing can be checked, and whoever holds its key could issue all the same: revoking it mends nothing. */
const NOT_REVOCABLE = ['root-ca', 'issuing-ca', 'cross-ca']

export function certificateApi(
  {
    authority,
    reader,
    clock,
    statusActions,
    publication,
  }: Pick<ApiParts, 'authority' | 'reader' | 'clock' | 'statusActions'> & {
    readonly publication: Pick<Publication, 'lists'>
  },
  issuing: CertificateIssuing,
): Services['certificates'] {
  const read = new CertificateStore(reader.kysely)
  const existing = async (serial: string): Promise<CertificateRecord> => {
    const record = await read.find(serial)
    if (record === undefined) {
      throw new RequestError(
        'certificate-not-found',
        `There is no certificate with serial ${serial}. Give the whole serial: sallyport certificates list.`,
      )
    }
    return record
  }
  return {
    list: async (query) => {
      const { expiringBefore, ...filter } = query
      const before = expiringBefore === undefined ? undefined : Date.parse(expiringBefore)
      const { rows, next } = await read.list({ ...filter, expiringBefore: before }, clock.now())
      return { items: rows.map(certificateOf), ...optional('next', next) }
    },
    issue: (certificate, author) => issuing.issue(certificate, author),
    pkcs12: (wish, author) => issuing.pkcs12(wish, author),
    changeStatus: async (typed, { to, reason, invalidityDate }, askedBy) => {
      const serial = typed.replaceAll(':', '').toLowerCase()
      const { kind } = await existing(serial)
      if (NOT_REVOCABLE.includes(kind)) {
        throw new RequestError('certificate-not-revocable', `${serial} cannot be ${to}: it is a CA.`)
      }
      const action = await statusActions.run({
        ...{ serial, to, askedBy },
        ...optional('reason', reason),
        ...optional('invalidityDate', invalidityDate === undefined ? undefined : Date.parse(invalidityDate)),
      })
      return { ...certificateOf(await existing(serial)), action }
    },
    authority: async () => {
      // The full list first: openssl takes a delta only after it.
      const lists = [...publication.lists.all()].sort(([one], [other]) => other.localeCompare(one))
      const crl = lists.map(([, { der }]) => encodePem('X509 CRL', der)).join('')
      const issuing = authority.issuers.map(({ certificate }) => certificate)
      return { root: pemOf(authority.anchors.toReversed()), issuing: pemOf(issuing), crl }
    },
  }
}

function certificateOf(record: CertificateRecord): Certificate {
  const { serial, kind, subject, status, revoked_at: revokedAt, revocation_reason: reason } = record
  return {
    serial,
    kind,
    subject,
    status,
    notBefore: instant(record.not_before),
    notAfter: instant(record.not_after),
    ...optional('revokedAt', revokedAt === null ? null : instant(revokedAt)),
    ...optional('reason', reason),
    ...optional('template', record.template),
    ...optional('protocol', record.protocol),
    ...optional('holder', record.holder_name),
    ...optional('deviceId', record.device_id),
    ...optional('request', record.request_id),
    ...optional('renews', record.renews),
    ...optional('supersededBy', record.superseded_by),
  }
}
