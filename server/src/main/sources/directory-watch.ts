import { ChangesUnseen, sessionOf } from '../../identity/ldap/changes/changes-unseen.ts'
import type { ConcernedSet } from '../../identity/ldap/changes/concerned.ts'
import type { DirectoryChanges, WatchedServer } from '../../identity/ldap/changes/directory-changes.ts'
import type { LivePerson } from '../../identity/ldap/changes/presence.ts'
import type { DirectorySession, DirectoryUnavailable, LdapRefusal } from '../../identity/ldap/directory.ts'
import { SyncStopped } from '../../identity/ldap/sync/sync-stopped.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'

/** Whom logins and live sessions are asked for anew. */
export type Tidings =
  | { readonly kind: 'concerned'; readonly concerned: ConcernedSet }
  | { readonly kind: 'everybody'; readonly why: string }
  /** Live sessions are looked at anyway soon after a start. */
  | { readonly kind: 'logins' }

export interface DirectoryWatchParts {
  readonly source: string
  readonly seconds: number
  readonly changes: Pick<DirectoryChanges, 'meet' | 'look' | 'told'>
  readonly open: () => Promise<DirectorySession | LdapRefusal | DirectoryUnavailable>
  /** Logins may be asking another server, which hears of a change later. */
  readonly hasOthers: () => boolean
  readonly live: () => Promise<readonly LivePerson[]>
  readonly tell: (tidings: Tidings) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
}

export interface WatchState {
  readonly state: 'starting' | 'watching' | 'failed'
  readonly by?: WatchedServer['by']
  readonly server?: string
  /** Last answer, milliseconds since the epoch. */
  readonly askedAt?: number
  /** When a change was seen that concerned somebody. */
  readonly changedAt?: number
  readonly failure?: Reason
}

const SECOND = 1000
const LONGEST_PAUSE_MILLISECONDS = 60_000
/** After everybody was looked up anew: an import goes on for a while. */
const EVERYBODY_PAUSE_MILLISECONDS = 30_000
/**
 * A directory without an index of modifyTimestamp reads itself whole for each question: where that takes long, it is left
 * alone for so many times as long.
 */
const SHARE = 10
const SOON_MILLISECONDS = 250
/**
 * Domain controllers of a site tell each other after 15 seconds (MS-ADTS, change notification). And a login that was under
 * way when it was told rests on what was known, and is met once its session has begun and its receipt is written.
 */
const AGAIN_MILLISECONDS = 20_000
/** Back to the preferred server. */
const SESSION_MILLISECONDS = 600_000

/** Asks one directory what changed, and tells. One question at a time; growing pauses where it does not answer. */
export class DirectoryWatch {
  readonly #parts: DirectoryWatchParts
  #state: WatchState = { state: 'starting' }
  #server: WatchedServer | undefined
  #openedAt = 0
  #failures = 0
  /** What meeting a server means; it is met as a stranger once, so this stays until it is told. */
  #owed: Tidings | undefined
  #later: { readonly at: number; readonly tidings: Tidings }[] = []
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isClosed = false

  constructor(parts: DirectoryWatchParts) {
    this.#parts = parts
  }

  get state(): WatchState {
    return this.#state
  }

  begin(): void {
    this.#wait(0)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#server?.session.close()
    await this.#running
    // One that was met meanwhile.
    this.#leave()
  }

  /** One look. Resolves to how long to wait for the next, in milliseconds. Never rejects. */
  async round(): Promise<number> {
    const { clock, seconds } = this.#parts
    try {
      const { session, by } = await this.#meet()
      const startedAt = clock.monotonic()
      const isEverybody = await this.#look(session, by)
      this.#failures = 0
      const slow = by === 'modifyTimestamp' ? clock.monotonic() - startedAt - SOON_MILLISECONDS : 0
      const pause = Math.max(seconds * SECOND, Math.min(LONGEST_PAUSE_MILLISECONDS, slow * SHARE))
      return isEverybody ? Math.max(EVERYBODY_PAUSE_MILLISECONDS, pause) : pause
    } catch (error) {
      this.#failed(error)
      const pause = Math.max(seconds, 1) * SECOND * 2 ** Math.min(this.#failures, 10)
      return Math.min(LONGEST_PAUSE_MILLISECONDS, pause)
    }
  }

  /** True: everybody was meant. */
  async #look(session: DirectorySession, by: WatchedServer['by']): Promise<boolean> {
    const { changes, live, clock } = this.#parts
    const { concerned } = await changes.look(session, live)
    const why = concerned.isEverybody
    if (!concerned.isNobody) {
      await this.#tell(why === undefined ? { kind: 'concerned', concerned } : { kind: 'everybody', why })
      this.#state = { ...this.#state, changedAt: clock.now() }
    }
    changes.told()
    const { failure: _, ...rest } = this.#state
    this.#state = { ...rest, state: 'watching', by, server: session.server, askedAt: clock.now() }
    await this.#tellAgain()
    return why !== undefined
  }

  async #meet(): Promise<WatchedServer> {
    const { changes, open, clock } = this.#parts
    if (this.#server !== undefined && clock.monotonic() - this.#openedAt < SESSION_MILLISECONDS)
      return this.#server
    this.#leave()
    const session = sessionOf(await open())
    try {
      if (this.#isClosed) throw new ChangesUnseen('the watch ended')
      const server = await changes.meet(session)
      // What was asked before the mark of this server was taken may have changed since unseen.
      if (server.met === 'first') this.#owed = { kind: 'logins' }
      if (server.met === 'stranger') {
        this.#owed = { kind: 'everybody', why: `${session.server} answers now` }
      }
      if (this.#owed !== undefined) await this.#tell(this.#owed)
      this.#owed = undefined
      this.#server = server
      this.#openedAt = clock.monotonic()
      return server
    } catch (error) {
      session.close()
      throw error
    }
  }

  async #tell(tidings: Tidings): Promise<void> {
    const { tell, hasOthers, clock } = this.#parts
    await tell(tidings)
    if (tidings.kind === 'logins' || (tidings.kind === 'everybody' && !hasOthers())) return
    this.#later.push({ at: clock.monotonic() + AGAIN_MILLISECONDS, tidings })
  }

  async #tellAgain(): Promise<void> {
    const now = this.#parts.clock.monotonic()
    for (const due of this.#later.filter(({ at }) => at <= now)) {
      await this.#parts.tell(due.tidings)
      this.#later = this.#later.filter((one) => one !== due)
    }
  }

  #failed(error: unknown): void {
    const { source, log } = this.#parts
    this.#leave()
    this.#failures++
    if (this.#isClosed) return
    const isExpected = error instanceof ChangesUnseen || error instanceof SyncStopped
    const detail = isExpected ? error.message.replace(/\.$/, '') : 'the log has the cause'
    const failure = reason('directory-changes-unseen', { source, detail })
    const isNew = this.#state.state !== 'failed'
    this.#state = { ...this.#state, state: 'failed', failure }
    if (!isNew) return
    const { sentence, nextStep } = render(failure)
    log.warn({ source, code: failure.code, ...(!isExpected && { err: error }) }, `${sentence} ${nextStep}`)
  }

  #leave(): void {
    this.#server?.session.close()
    this.#server = undefined
  }

  #wait(milliseconds: number): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#running = this.round().then((pause) => this.#wait(pause))
    }, milliseconds).unref()
  }
}
