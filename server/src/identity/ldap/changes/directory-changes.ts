import { RESULT } from '@sallyport/ldap'
import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { DirectorySession } from '../directory.ts'
import { type SyncedServer, serverOf } from '../sync/sync-mark.ts'
import { pagesOf } from '../sync/sync-pages.ts'
import { SyncStopped } from '../sync/sync-stopped.ts'
import type { ChangeCounter } from './change-counter.ts'
import { ChangedEntries } from './changed-entries.ts'
import { ConcernedSet } from './concerned.ts'
import { CsnCounter } from './csn-counter.ts'
import { KnownEntries } from './known-entries.ts'
import { type LivePerson, Presence } from './presence.ts'
import { TimeCounter } from './time-counter.ts'
import { UsnCounter } from './usn-counter.ts'
import { type WatchedEntries, watchedEntries } from './watched-entries.ts'

/** Marks of so many servers are kept; the one used longest ago goes first. */
const MOST_SERVERS = 16
const FRAME_PAGE = 500
const MOST_FRAMES = 100_000

/** A server as it is watched. */
export interface WatchedServer {
  readonly session: DirectorySession
  readonly by: ChangeCounter['by']
  /** `first`: nothing was watched before; `stranger`: another server was, and what this one had by then is not known. */
  readonly met: 'first' | 'stranger' | 'again'
}

interface Met extends SyncedServer {
  readonly counter: ChangeCounter
}

/**
 * What changes in one directory, and whom it may concern. Each server counts by itself: the mark of one means nothing at
 * another, and is kept for when it answers again.
 */
export class DirectoryChanges {
  readonly #source: LdapSourceConfiguration
  readonly #clock: Clock
  readonly #watched: WatchedEntries
  readonly #entries: ChangedEntries
  readonly #presence: Presence
  readonly #marks = new Map<string, string>()
  readonly #met = new WeakMap<DirectorySession, Met>()
  #concerned = new ConcernedSet()
  #isFramed = false

  constructor(source: LdapSourceConfiguration, clock: Clock) {
    this.#source = source
    this.#clock = clock
    this.#watched = watchedEntries(source)
    this.#presence = new Presence(source, this.#watched)
    this.#entries = new ChangedEntries({
      ...{ source: source.name, watched: this.#watched, known: new KnownEntries() },
    })
  }

  /** To be called once for every connection, before whatever is known is forgotten. Throws ChangesUnseen, SyncStopped. */
  async meet(session: DirectorySession): Promise<WatchedServer> {
    const server = await serverOf(session, this.#source)
    const counter = await this.#counter(session, server)
    this.#met.set(session, { ...server, counter })
    const isFirst = this.#marks.size === 0
    const isKnown = this.#marks.has(server.id)
    const now = isKnown ? undefined : await counter.now(session)
    if (!this.#isFramed) await this.#frame(session, server)
    this.#isFramed = true
    // Last: where meeting it failed, it is as strange the next time.
    if (now !== undefined) this.#mark(server.id, now)
    return { session, by: counter.by, met: isFirst ? 'first' : isKnown ? 'again' : 'stranger' }
  }

  /**
   * Whom it concerns what changed since the look before. What it saw stays until it is `told`, also where it throws
   * (ChangesUnseen, SyncStopped) or the next look adds to it.
   */
  async look(
    session: DirectorySession,
    live: () => Promise<readonly LivePerson[]>,
  ): Promise<{ readonly isMoved: boolean; readonly concerned: ConcernedSet }> {
    const concerned = this.#concerned
    const met = this.#met.get(session)
    const mark = met && this.#marks.get(met.id)
    if (met === undefined || mark === undefined) throw new TypeError('a session that was not met')
    const changes = await met.counter.since(session, mark)
    if (changes.entries === 'too-many') concerned.everybody('more changed than is read one by one')
    else await this.#entries.read(session, changes.entries, concerned)
    if (changes.isMoved) this.#presence.begin()
    if (this.#presence.isBehind && concerned.isEverybody === undefined) {
      await this.#presence.look(session, met.context, await live(), concerned)
    }
    this.#mark(met.id, changes.mark)
    return { isMoved: changes.isMoved, concerned }
  }

  told(): void {
    this.#concerned = new ConcernedSet()
  }

  async #counter(session: DirectorySession, { context }: SyncedServer): Promise<ChangeCounter> {
    const { filter, attributes, userAttributes } = this.#watched
    const question = { base: context, filter, attributes: [...new Set([...attributes, ...userAttributes])] }
    if (this.#source.type === 'active-directory') return new UsnCounter(question)
    const byNumber = new CsnCounter(question)
    return (await byNumber.now(session)) === '' ? new TimeCounter(question, this.#clock) : byNumber
  }

  /** Once: a group that is renamed later was called something before. */
  async #frame(session: DirectorySession, { context }: SyncedServer): Promise<void> {
    const { frameFilter, attributes } = this.#watched
    const query = { base: context, filter: frameFilter, attributes, pageSize: FRAME_PAGE }
    let read = 0
    try {
      for await (const entries of pagesOf(session, query)) {
        for (const entry of entries) this.#entries.remember(entry)
        read += entries.length
        if (read >= MOST_FRAMES) return
        await new Promise((resolve) => setImmediate(resolve))
      }
    } catch (error) {
      // It lists no more: a group beyond is known from its first change on.
      if (!(error instanceof SyncStopped && error.result === RESULT.sizeLimitExceeded)) throw error
    }
  }

  #mark(id: string, mark: string): void {
    this.#marks.delete(id)
    this.#marks.set(id, mark)
    if (this.#marks.size > MOST_SERVERS)
      for (const oldest of this.#marks.keys()) if (this.#marks.delete(oldest)) break
  }
}
