import { randomUUID } from 'node:crypto'
import type { LdapSourceConfiguration } from '../config/schema.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { DirectorySession, DirectoryUnavailable, LdapRefusal } from '../identity/ldap/directory.ts'
import { AffectedUsers } from '../identity/ldap/sync/affected-users.ts'
import { DirectoryObjectReader } from '../identity/ldap/sync/directory-object-reader.ts'
import type { DirectoryObjectStore, SyncLease } from '../identity/ldap/sync/directory-object-store.ts'
import { KnownObjects } from '../identity/ldap/sync/known-objects.ts'
import { type SyncOrder, startRun } from '../identity/ldap/sync/start-run.ts'
import { SyncStopped, stopUnlessOpen } from '../identity/ldap/sync/sync-stopped.ts'
import type { Clock } from '../kernel/clock.ts'
import { RequestError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logging.ts'
import type { Metrics } from '../kernel/metrics.ts'
import type { Remote } from '../kernel/rpc.ts'
import { reason, render } from '../reasons/index.ts'
import type { Database } from '../store/database.ts'

export interface DirectorySyncParts {
  readonly configuration: { readonly snapshot: Snapshot }
  /** A connection of its own, as the service account. */
  readonly open: (
    source: LdapSourceConfiguration,
  ) => Promise<DirectorySession | LdapRefusal | DirectoryUnavailable>
  readonly reader: Database
  readonly store: Remote<DirectoryObjectStore>
  /** Forgets in all threads what a directory said of these users, or of all. */
  readonly refresh: (source: string, users: readonly string[] | undefined) => Promise<void>
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
}

const TICK_MILLISECONDS = 5_000
/** A node that died holds a source for so long. */
const LEASE_MILLISECONDS = 60_000
const MINUTE = 60_000

interface Running {
  session?: DirectorySession
  readonly done: Promise<void>
}

/** Keeps the copies of users and groups: each source in its own time, on one node, one run at a time. */
export class DirectorySync {
  readonly #parts: DirectorySyncParts
  readonly #read: DirectoryObjectReader
  readonly #holder = randomUUID()
  readonly #running = new Map<string, Running>()
  readonly #runs: (source: string, outcome: string) => void
  readonly #timer: NodeJS.Timeout
  #ticking: Promise<void> | undefined
  #isClosed = false

  static async start(parts: DirectorySyncParts): Promise<DirectorySync> {
    await parts.store.releaseLeases()
    return new DirectorySync(parts)
  }

  private constructor(parts: DirectorySyncParts) {
    this.#parts = parts
    this.#read = new DirectoryObjectReader(parts.reader)
    const runs = parts.metrics.counter('directory_syncs_total', 'Syncs of users and groups, by outcome', [
      'source',
      'outcome',
    ])
    this.#runs = (source, outcome) => runs.labels({ source, outcome }).inc()
    this.#timer = setInterval(() => {
      this.#ticking ??= this.#tick().finally(() => {
        this.#ticking = undefined
      })
    }, TICK_MILLISECONDS).unref()
  }

  /** What is under way breaks off, and is begun anew after the next start. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    await this.#ticking
    for (const { session } of this.#running.values()) session?.close()
    await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  /**
   * Begins a sync at once; `directory_sync` tells when it is done. Throws RequestError 'directory-not-found',
   * 'directory-not-synced', 'directory-sync-running'.
   */
  async begin(name: string, order: SyncOrder): Promise<void> {
    const source = this.#sources().find((each) => each.name === name)
    if (source === undefined)
      throw new RequestError('directory-not-found', `There is no directory "${name}".`)
    if (!source.sync.enabled) {
      const message = `"${name}" is not synced. Set sync.enabled of the source to true and apply.`
      throw new RequestError('directory-not-synced', message)
    }
    if (!(await this.#take(source, order)))
      throw new RequestError('directory-sync-running', `"${name}" is being synced already.`)
  }

  #sources(): readonly LdapSourceConfiguration[] {
    const { sources } = this.#parts.configuration.snapshot.configuration
    return sources.filter((source) => source.kind === 'ldap')
  }

  async #tick(): Promise<void> {
    const { clock, log } = this.#parts
    try {
      const sources = this.#sources()
      const states = await this.#read.states()
      for (const source of sources.filter(({ sync }) => sync.enabled)) {
        const state = states.find((each) => each.source === source.name)
        const dueAt = (state?.tried_at ?? Number.NEGATIVE_INFINITY) + source.sync.minutes * MINUTE
        if (clock.now() >= dueAt) await this.#take(source, { full: false, force: false })
      }
      const gone = states.find(({ source }) => !sources.some(({ name }) => name === source))
      if (gone !== undefined) await this.#forget(gone.source)
    } catch (error) {
      log.error({ err: error }, 'Directories could not be synced; trying again.')
    }
  }

  /** False: it is under way, here or on another node. */
  async #take(source: LdapSourceConfiguration, order: SyncOrder): Promise<boolean> {
    const { store, clock } = this.#parts
    const { name } = source
    if (this.#isClosed || this.#running.has(name)) return false
    const claimed = Promise.withResolvers<boolean>()
    const running: Running = {
      done: claimed.promise.then(async (isOurs) => {
        if (isOurs) await this.#run(source, order, running)
        this.#running.delete(name)
      }),
    }
    this.#running.set(name, running)
    const isOurs = await store.begin(this.#lease(name), clock.now()).catch((error: unknown) => {
      claimed.resolve(false)
      throw error
    })
    claimed.resolve(isOurs)
    return isOurs
  }

  /** Never rejects. */
  async #run(source: LdapSourceConfiguration, order: SyncOrder, running: Running): Promise<void> {
    const { configuration, open, reader, store, refresh, clock, log } = this.#parts
    const { name } = source
    try {
      const state = await this.#read.state(name)
      const session = stopUnlessOpen(await open(source))
      running.session = session
      if (this.#isClosed) session.close()
      const { snapshot } = configuration
      const done = await startRun(
        {
          ...{ source, session, store, clock },
          changed: (users) => refresh(name, users),
          known: new KnownObjects(reader, name),
          affected: new AffectedUsers({
            ...{ database: reader, source: name, configVersion: snapshot.version, clock },
          }),
          lease: () => this.#lease(name),
        },
        state,
        order,
      )
      await store.end(this.#lease(name), { at: clock.now(), succeeded: done })
      this.#runs(name, done.counts.kind)
      log.info({ source: name, ...done.counts }, `Users and groups of "${name}" are synced.`)
    } catch (error) {
      await this.#failed(name, error)
    } finally {
      running.session?.close()
    }
  }

  async #failed(name: string, error: unknown): Promise<void> {
    const { store, clock, log } = this.#parts
    const why = error instanceof SyncStopped ? error.reason : undefined
    if (why !== undefined && !this.#isClosed) {
      const { sentence, nextStep } = render(why)
      log.warn({ source: name, code: why.code }, `${sentence} ${nextStep}`)
    } else if (!this.#isClosed) log.error({ err: error, source: name }, `The sync of "${name}" failed.`)
    this.#runs(name, 'failed')
    // Broken off by our own end: begun anew after the start, as if it had not been tried.
    const end = this.#isClosed ? undefined : clock.now()
    const failure = why ?? reason('directory-sync-broken-off', { detail: 'the log has the cause' })
    await store
      .end(this.#lease(name), end === undefined ? {} : { at: end, failure })
      .catch((cause: unknown) =>
        log.error({ err: cause, source: name }, 'The end of a sync could not be stored.'),
      )
  }

  /** The source was taken out of the configuration: what was copied of it goes. */
  async #forget(name: string): Promise<void> {
    const { store, clock, log } = this.#parts
    if (!(await store.begin(this.#lease(name), clock.now()))) return
    while (!this.#isClosed && (await store.forgetSome(this.#lease(name))));
    log.info({ source: name }, `Users and groups of "${name}", which is no longer configured, are forgotten.`)
  }

  #lease(source: string): SyncLease {
    return { source, holder: this.#holder, until: this.#parts.clock.now() + LEASE_MILLISECONDS }
  }
}
