import { WARN_DAYS } from '../../enrolment/expiry-watch.ts'
import { type IssuedEndings, NAMES_SHOWN, readIssuedEndings } from '../../enrolment/issued-endings.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import type { Database } from '../../store/database.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Counts the issued certificates that end soon, hourly, and says so once a day: one line, however many they are. */
export class IssuedUpkeep {
  readonly #parts: IssuedUpkeepParts
  readonly #timer: NodeJS.Timeout
  #found: IssuedEndings | undefined
  #saidAt = Number.NEGATIVE_INFINITY
  #work: Promise<void>

  constructor(parts: IssuedUpkeepParts) {
    this.#parts = parts
    parts.metrics.gauges(
      'issued_certificates_ending',
      'Issued certificates that are good, not renewed, and end within so many days',
      ['within'],
      () => [...(this.#found?.within ?? [])].map(([step, count]) => [{ within: String(step) }, count]),
    )
    this.#work = this.look()
    this.#timer = setInterval(() => {
      this.#work = this.#work.then(() => this.look())
    }, HOUR).unref()
  }

  /** Resolves once what was begun is done. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#work
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { reader, clock, log } = this.#parts
    try {
      this.#found = await readIssuedEndings(reader.kysely, clock.now())
    } catch (error) {
      log.error({ err: error }, 'The certificates that end soon could not be read; trying again in an hour.')
      return
    }
    if (clock.now() - this.#saidAt < DAY || this.#found.first.length === 0) return
    this.#saidAt = clock.now()
    const { within, first } = this.#found
    const names = first.map(({ serial, subject, not_after }) => ({
      serial,
      subject,
      notAfter: new Date(not_after).toISOString(),
    }))
    log.warn({ within: Object.fromEntries(within), first: names }, sentence(this.#found))
  }
}

export interface IssuedUpkeepParts {
  readonly reader: Database
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
}

function sentence({ within, isCut }: IssuedEndings): string {
  const longest = WARN_DAYS[0]
  const count = within.get(longest) ?? 0
  const shorter = WARN_DAYS.slice(1).map((step) => `${within.get(step) ?? 0} within ${step}`)
  const shown = count > NAMES_SHOWN ? `the first ${NAMES_SHOWN} are named here` : 'all are named here'
  return `${isCut ? 'At least ' : ''}${count} issued certificates end within ${longest} days and were not renewed (${shorter.join(', ')}); ${shown}. See: npx sallyport certificates expiring`
}
