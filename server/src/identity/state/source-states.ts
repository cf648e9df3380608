import type { Clock } from '../../kernel/clock.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import { SourceRecord, type SourceSeen } from './source-record.ts'

/** What a question to a source came to. `why` and `servers`: where nobody answered. */
export type Asked =
  | { readonly answered: true }
  | { readonly answered: false; readonly why: string; readonly servers?: readonly string[] | undefined }

/** The sources of one thread, across configuration versions, and their metrics. */
export class SourceStates {
  readonly #clock: Clock
  readonly #records = new Map<string, SourceRecord>()
  readonly #questions
  readonly #latency
  readonly #silences
  readonly #offline

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock
    this.#questions = metrics.counter(
      'source_questions_total',
      'Questions to identity sources: answered, or unavailable',
      ['source', 'outcome'],
    )
    this.#latency = metrics.latency(
      'source_question',
      'From a question to an identity source to its answer',
      ['source', 'outcome'],
    )
    this.#silences = metrics.counter(
      'source_silences_total',
      'Logins that got no answer because an identity source was unavailable',
      ['source', 'client'],
    )
    this.#offline = metrics.counter(
      'source_offline_total',
      'Logins decided on what an unavailable identity source had said before',
      ['source', 'proof'],
    )
  }

  of(source: string): SourceRecord {
    let record = this.#records.get(source)
    if (record === undefined) {
      record = new SourceRecord(source, () => this.#clock.now())
      this.#records.set(source, record)
    }
    return record
  }

  /** Times one question. What it throws is thrown, and counts as no answer. `asked` undefined: nobody was asked. */
  async watch<T>(
    source: string,
    question: () => Promise<T>,
    asked: (answer: T) => Asked | undefined,
  ): Promise<T> {
    const [askedAt, from] = [this.#clock.now(), this.#clock.monotonic()]
    try {
      const answer = await question()
      const word = asked(answer)
      if (word !== undefined) this.#note(source, askedAt, from, word)
      return answer
    } catch (error) {
      this.#note(source, askedAt, from, { answered: false, why: 'the source failed' })
      throw error
    }
  }

  silenced(source: string, client: string): void {
    const record = this.#records.get(source)
    if (record === undefined) return
    record.silenced(client)
    this.#silences.inc({ source, client })
  }

  servedOffline(source: string, proof: string): void {
    this.of(source).servedOffline()
    this.#offline.inc({ source, proof })
  }

  keepOnly(sources: readonly { readonly name: string }[]): void {
    const names = new Set(sources.map(({ name }) => name))
    for (const source of this.#records.keys()) if (!names.has(source)) this.#records.delete(source)
  }

  seen(): readonly SourceSeen[] {
    return [...this.#records.values()].map((record) => record.seen)
  }

  #note(source: string, askedAt: number, from: number, asked: Asked): void {
    const record = this.of(source)
    const outcome = asked.answered ? 'answered' : 'unavailable'
    this.#questions.inc({ source, outcome })
    this.#latency.observe({ source, outcome }, (this.#clock.monotonic() - from) / 1000)
    if (asked.answered) record.answered()
    else record.unanswered(askedAt, asked.why, asked.servers)
  }
}
