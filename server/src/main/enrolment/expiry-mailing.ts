import type { MailConfiguration } from '../../config/schema.ts'
import { expiryMail, hasCrossed } from '../../enrolment/expiry-mail.ts'
import type { Ending } from '../../enrolment/expiry-watch.ts'
import { readIssuedEndings } from '../../enrolment/issued-endings.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import type { MailMarkStore } from '../../mail/mark-store.ts'
import { sendMail } from '../../mail/send-mail.ts'
import type { Database } from '../../store/database.ts'

export interface ExpiryMailingParts {
  readonly reader: Database
  readonly marks: Remote<MailMarkStore>
  readonly mail: () => readonly MailConfiguration[]
  /** Own certificates that end within 30 days. */
  readonly endings: () => readonly Ending[]
  readonly host: string
  readonly clock: Clock
  readonly log: Logger
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * Writes at most once a day to those `mail` names, when a certificate came to one of the steps since they were written to
 * last. A mail that fails is tried again an hour later.
 */
export class ExpiryMailing {
  readonly #parts: ExpiryMailingParts
  readonly #timer: NodeJS.Timeout
  readonly #failures = new Map<string, string>()
  #work: Promise<void> = Promise.resolve()

  constructor(parts: ExpiryMailingParts) {
    this.#parts = parts
    this.#timer = setInterval(() => {
      this.#work = this.#work.then(() => this.run())
    }, HOUR).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#work
  }

  /** For health. */
  warnings(): string[] {
    return [...this.#failures].map(([name, why]) => `Mail "${name}" could not be sent: ${why}`)
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { mail, log } = this.#parts
    const entries = mail()
    for (const name of this.#failures.keys())
      if (!entries.some((entry) => entry.name === name)) this.#failures.delete(name)
    for (const entry of entries) {
      try {
        await this.#write(entry)
        this.#failures.delete(entry.name)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        this.#failures.set(entry.name, why)
        log.error(
          { err: error, mail: entry.name },
          `Mail "${entry.name}" could not be sent; trying again in an hour.`,
        )
      }
    }
  }

  async #write(entry: MailConfiguration): Promise<void> {
    const { reader, marks, endings, host, clock } = this.#parts
    const now = clock.now()
    const before = await marks.find(entry.name)
    if (before !== undefined && now - before < DAY) return
    const since = before ?? Number.NEGATIVE_INFINITY
    const issued = await readIssuedEndings(reader.kysely, now, { since })
    const own = endings()
    if (issued.crossed === 0 && !own.some((ending) => hasCrossed(ending, since, now))) return
    // Taken before it is sent: of two nodes one writes, and after a crash nobody is told twice.
    if (!(await marks.move(entry.name, before, now))) return
    try {
      await sendMail(entry, expiryMail(own, issued, host))
    } catch (error) {
      await marks.move(entry.name, now, before ?? 0)
      throw error
    }
  }
}
