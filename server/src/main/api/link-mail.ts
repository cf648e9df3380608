import type { Configuration, Language, MailConfiguration } from '../../config/schema.ts'
import type { EnrolmentIdentity } from '../../enrolment/registration/requester.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Mail } from '../../mail/send-mail.ts'
import { PAGE_TEXTS } from '../../profiles/links/page/page-language.ts'
import { shown } from '../../profiles/links/page/shown-name.ts'
import { localMinute } from '../../reasons/index.ts'

/** What section `mail` takes as an address: nothing that begins a second one, or a line of a header. */
const ADDRESS = /^[^\s<>()[\],;:"\\@\p{Cc}]{1,64}@[A-Za-z0-9.-]{1,253}$/u

interface SentLink {
  readonly url: string
  readonly connections: readonly string[]
  /** Milliseconds since 1970. */
  readonly until: number
  readonly language: Language | undefined
}

/** A link by mail; what stands against it is said before the link is made. @throws RequestError 'mail-not-possible' */
export function linkMail(
  { mail, enrolment, organization }: Pick<Configuration, 'mail' | 'enrolment' | 'organization'>,
  { name, email, displayName = name }: EnrolmentIdentity,
) {
  const [entry] = mail
  const refuse = (why: string): RequestError => new RequestError('mail-not-possible', why)
  if (entry === undefined)
    throw refuse(
      'Section mail names no server to send by: add one, or leave --mail out and hand the link over yourself.',
    )
  if (enrolment.httpsUrl === undefined)
    throw refuse('enrolment.httpsUrl is not set: the mail would hold no link.')
  if (email === undefined || !ADDRESS.test(email))
    throw refuse(`${name} has no e-mail address mail can be sent to.`)
  return {
    to: email,
    send: async (
      { url, connections, until, language = organization.language }: SentLink,
      send: (settings: MailConfiguration, mail: Mail) => Promise<void>,
    ): Promise<void> => {
      const texts = PAGE_TEXTS[language].mail
      const values: Readonly<Record<string, string>> = {
        ...{ url, person: shown(displayName), connections: connections.map(shown).join(', ') },
        until: localMinute(new Date(until).toISOString()),
      }
      const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '')
      await send({ ...entry, to: [email] }, { subject: fill(texts.subject), text: fill(texts.text) })
    },
  }
}
