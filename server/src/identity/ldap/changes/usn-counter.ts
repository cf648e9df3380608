import type { DirectoryEntry, DirectorySession } from '../directory.ts'
import { allOf } from '../sync/directory-objects.ts'
import { type ChangeCounter, type ChangeQuestion, type Changes, MOST_ENTRIES } from './change-counter.ts'
import { ask, ChangesUnseen } from './changes-unseen.ts'

/** A number is of one entry at most, so a window of them never holds more entries than are given at once. */
const WINDOW = BigInt(MOST_ENTRIES)
/** So many windows are read; a server that counted further is not followed number by number. */
const WINDOWS = 10n

/**
 * Update sequence numbers of one domain controller (MS-ADTS section 3.1.1.1.9): rootDSE tells the highest, and every entry
 * its own.
 */
export class UsnCounter implements ChangeCounter {
  readonly by = 'uSNChanged'
  readonly #question: ChangeQuestion

  constructor(question: ChangeQuestion) {
    this.#question = question
  }

  async now(session: DirectorySession): Promise<string> {
    const answer = await ask(session, {
      ...{ base: '', scope: 'base', attributes: ['highestCommittedUSN'], limit: 1 },
    })
    const usn = answer === 'too-many' ? undefined : answer[0]?.text('highestCommittedUSN')
    if (usn === undefined || !/^\d{1,19}$/.test(usn)) {
      throw new ChangesUnseen(`${session.server} tells no highestCommittedUSN: is it Active Directory?`)
    }
    return usn
  }

  async since(session: DirectorySession, mark: string): Promise<Changes> {
    const to = await this.now(session)
    if (to === mark) return { mark, isMoved: false, entries: [] }
    const [from, last] = [BigInt(mark), BigInt(to)]
    // Fewer than before: a server that was restored, under the same name.
    if (last < from || last - from > WINDOW * WINDOWS) return { mark: to, isMoved: true, entries: 'too-many' }
    const found: DirectoryEntry[] = []
    for (let first = from + 1n; first <= last; first += WINDOW) {
      const end = first + WINDOW - 1n < last ? first + WINDOW - 1n : last
      const { filter, ...question } = this.#question
      const entries = await ask(session, {
        ...question,
        filter: allOf(`(uSNChanged>=${first})`, `(uSNChanged<=${end})`, filter),
        limit: MOST_ENTRIES,
      })
      if (entries === 'too-many') return { mark: to, isMoved: true, entries }
      found.push(...entries)
    }
    return { mark: to, isMoved: true, entries: found }
  }
}
