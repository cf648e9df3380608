import type { ConfigurationService } from '../../config/apply.ts'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import { isLoopback } from '../../kernel/loopback.ts'
import type { Link, LinkService } from '../../listeners/https/services.ts'
import { sendMail } from '../../mail/send-mail.ts'
import type { LinkRecord } from '../../profiles/links/profile-link-store.ts'
import { connectionsOf } from '../profiles/links/link-plans.ts'
import type { ProfileLinks } from '../profiles/links/profile-links.ts'
import type { CertificateIssuing } from './certificate-issuing.ts'
import { instant, optional } from './instant.ts'
import { linkMail } from './link-mail.ts'

interface Parts {
  readonly links: ProfileLinks
  readonly configuration: Pick<ConfigurationService, 'snapshot'>
  readonly clock: Clock
  /** Where the enrolment port listens; absent: nowhere. */
  readonly enrolmentAddress?: string
}

/** One-time links as administrators make and see them. */
export function linkApi(
  { links, configuration, clock, enrolmentAddress }: Parts,
  issuing: Pick<CertificateIssuing, 'accountOf'>,
  send = sendMail,
): LinkService {
  return {
    list: async (limit) => (await links.list(limit)).map((record) => linkOf(record, clock.now())),
    create: async ({ user, mail = false, ...wish }, author) => {
      const identity = await issuing.accountOf(user)
      const post = mail ? linkMail(configuration.snapshot.configuration, identity) : undefined
      const made = await links.create({ ...wish, identity }, { by: 'administrator', name: author })
      const { httpsUrl } = configuration.snapshot.configuration.enrolment
      const path = `/connect/${made.token}`
      const url = httpsUrl === undefined ? undefined : httpsUrl + path
      if (post !== undefined && url !== undefined) {
        const { language, connections } = wish
        await post
          .send({ url, connections, until: made.record.expires_at, language }, send)
          .catch(async (error) => {
            await links.delete(made.record.id)
            throw new RequestError(
              'mail-not-sent',
              'The mail could not be sent, and the link is deleted.',
              {},
              error,
            )
          })
      }
      const sentTo = post?.to
      return {
        ...{ ...linkOf(made.record, clock.now()), path, code: made.code },
        notes: linkNotes(httpsUrl, enrolmentAddress),
        ...{ ...optional('url', url), ...optional('sentTo', sentTo) },
      }
    },
    delete: (id) => links.delete(id),
  }
}

/** What keeps people from opening a link that was made: seen here, and nowhere else before they call. */
export function linkNotes(httpsUrl: string | undefined, enrolmentAddress: string | undefined): string[] {
  const notes: string[] = []
  if (httpsUrl === undefined) {
    notes.push('enrolment.httpsUrl is not set: put the address people reach this server by before it.')
  }
  if (enrolmentAddress === undefined) notes.push('The enrolment port is switched off: nobody can open it.')
  else if (isLoopback(enrolmentAddress)) {
    notes.push(
      `The enrolment port listens on ${enrolmentAddress} alone: only this machine, or a reverse proxy on it, can open it. Start with serve --enrol-bind 0.0.0.0.`,
    )
  }
  return notes
}

function linkOf(record: LinkRecord, now: number): Link {
  const { used_at: usedAt, expires_at: end } = record
  return {
    id: record.id,
    user: record.user_name,
    connections: [...connectionsOf(record)],
    // Written by ProfileLinks alone.
    ...optional('system', record.system as Link['system'] | null),
    ...optional('language', record.language as Link['language'] | null),
    state: usedAt !== null ? 'used' : end <= now ? 'expired' : 'open',
    createdBy: record.created_by,
    createdAt: instant(record.created_at),
    expiresAt: instant(end),
    ...optional('usedAt', usedAt === null ? null : instant(usedAt)),
    ...optional('usedFrom', record.used_from),
    ...optional('usedFor', record.used_for),
  }
}
