import type { DirectorySession } from '../directory.ts'
import { allOf } from '../sync/directory-objects.ts'
import { type ChangeCounter, type ChangeQuestion, type Changes, MOST_ENTRIES } from './change-counter.ts'
import { ask, ChangesUnseen } from './changes-unseen.ts'

/**
 * Change sequence numbers of OpenLDAP with the overlay syncprov: the entry of the suffix has the latest of each server that
 * takes changes (contextCSN), every entry that of its own last change (entryCSN).
 */
export class CsnCounter implements ChangeCounter {
  readonly by = 'contextCSN'
  readonly #question: ChangeQuestion

  constructor(question: ChangeQuestion) {
    this.#question = question
  }

  /** Empty: the server does not tell. */
  async now(session: DirectorySession): Promise<string> {
    const { base } = this.#question
    const answer = await ask(session, { base, scope: 'base', attributes: ['contextCSN'], limit: 1 })
    const numbers = answer === 'too-many' ? [] : (answer[0]?.texts('contextCSN') ?? [])
    return numbers.toSorted().join(' ')
  }

  async since(session: DirectorySession, mark: string): Promise<Changes> {
    const to = await this.now(session)
    // Whoever meets it again finds another way to count.
    if (to === '') throw new ChangesUnseen(`${session.server} tells no contextCSN any more`)
    if (to === mark) return { mark, isMoved: false, entries: [] }
    const before = byServer(mark)
    const moved = [...byServer(to)].filter(([id, number]) => before.get(id) !== number)
    const from = moved.map(([id]) => before.get(id)).toSorted()
    const [first] = from
    // Earlier than before: the server was restored, and what it went back to may concern anybody.
    const isBack = moved.some(([id, number]) => number < (before.get(id) ?? ''))
    // A server that takes changes now and did not before: its own may be of any time.
    if (first === undefined || from.includes(undefined) || isBack) {
      return { mark: to, isMoved: true, entries: 'too-many' }
    }
    const { filter, attributes, base } = this.#question
    const entries = await ask(session, {
      ...{ base, filter: allOf(`(entryCSN>=${first})`, filter), limit: MOST_ENTRIES },
      attributes: [...attributes, 'entryCSN'],
    })
    if (entries === 'too-many') return { mark: to, isMoved: true, entries }
    const isNew = (number = ''): boolean => number > (before.get(serverId(number)) ?? '')
    return { mark: to, isMoved: true, entries: entries.filter((entry) => isNew(entry.text('entryCSN'))) }
  }
}

/** `20261122140501.123456Z#000000#001#000000`: time, count, server, count. */
function serverId(number: string): string {
  return number.split('#')[2] ?? ''
}

function byServer(mark: string): ReadonlyMap<string, string> {
  return new Map(mark.split(' ').flatMap((number) => (number === '' ? [] : [[serverId(number), number]])))
}
