import type { Clock } from '../../../kernel/clock.ts'
import type { DirectorySession } from '../directory.ts'
import { allOf } from '../sync/directory-objects.ts'
import { generalizedTime, timeText } from '../sync/sync-mark.ts'
import { type ChangeCounter, type ChangeQuestion, type Changes, MOST_ENTRIES } from './change-counter.ts'
import { ask } from './changes-unseen.ts'

/** The clock of a server that is met may be so far behind ours. */
const SKEW_MILLISECONDS = 300_000
/** What another server changed arrives later, with the time it has there. */
const OVERLAP_MILLISECONDS = 60_000

/**
 * The time of the last change (modifyTimestamp, RFC 4512 section 3.4.2), where a server tells nothing better. What was read
 * is read again for a while; whoever compares sees that it is the same.
 */
export class TimeCounter implements ChangeCounter {
  readonly by = 'modifyTimestamp'
  readonly #question: ChangeQuestion
  readonly #clock: Clock

  constructor(question: ChangeQuestion, clock: Clock) {
    this.#question = question
    this.#clock = clock
  }

  async now(): Promise<string> {
    return timeText(this.#clock.now() - SKEW_MILLISECONDS)
  }

  async since(session: DirectorySession, mark: string): Promise<Changes> {
    const { filter, attributes, base } = this.#question
    const from = timeText((generalizedTime(mark) ?? 0) - OVERLAP_MILLISECONDS)
    const entries = await ask(session, {
      ...{ base, filter: allOf(`(modifyTimestamp>=${from})`, filter), limit: MOST_ENTRIES },
      attributes: [...attributes, 'modifyTimestamp', 'entryCSN'],
    })
    // It cannot be told how far they go: by our own clock, which is no further than the server's time plus its skew.
    if (entries === 'too-many') return { mark: later(mark, await this.now()), isMoved: true, entries }
    const now = this.#clock.now() + SKEW_MILLISECONDS
    const times = entries.map((entry) => entry.text('modifyTimestamp') ?? '')
    // A time to come, of a clock that was wrong once, would hide every change until then.
    const seen = times.filter((time) => (generalizedTime(time) ?? Number.POSITIVE_INFINITY) <= now)
    return { mark: seen.map(wholeSeconds).reduce(later, mark), isMoved: true, entries }
  }
}

function wholeSeconds(time: string): string {
  return timeText(generalizedTime(time) ?? 0)
}

function later(a: string, b: string): string {
  return a > b ? a : b
}
