import type { ConfigurationService } from '../../config/apply.ts'
import type { Concerned } from '../../identity/ldap/changes/concerned.ts'
import { DirectoryCaches } from '../../identity/ldap/directory-caches.ts'
import { SourceStates } from '../../identity/state/source-states.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logging } from '../../kernel/logging.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import { keptMinutes } from '../grants/watch-pace.ts'
import type { RadiusThread } from '../radius-thread.ts'
import type { RemoteStores } from '../store-thread.ts'
import type { SourceStatus } from './source-status.ts'
import { SourceWatch } from './source-watch.ts'

export interface SourceUpkeepParts {
  readonly workers: readonly Pick<RadiusThread, 'remote'>[]
  readonly configuration: Pick<ConfigurationService, 'snapshot'>
  readonly stores: Pick<RemoteStores, 'knownAccounts'>
  readonly clock: Clock
  readonly logging: Logging
  readonly metrics: Metrics
}

/** Identity sources that others answer for, over all threads: their state, and what is kept of their answers. */
export class SourceUpkeep {
  /** Of this thread: live sessions are decided again here. */
  readonly states: SourceStates
  readonly caches: DirectoryCaches
  readonly #workers: SourceUpkeepParts['workers']
  readonly #watch: SourceWatch

  constructor({ workers, configuration, stores, clock, logging, metrics }: SourceUpkeepParts) {
    const log = logging.for('identity')
    this.#workers = workers
    this.states = new SourceStates(clock, metrics)
    this.caches = new DirectoryCaches({
      clock,
      owner: stores.knownAccounts,
      failed: (error) => log.warn({ err: error }, 'What a directory said could not be kept.'),
      minutes: (source) => keptMinutes(source, configuration.snapshot.configuration),
    })
    this.#watch = new SourceWatch({
      ask: async () => {
        const seen = await Promise.all(workers.map(({ remote }) => remote.sourcesSeen()))
        return [
          ...seen.map((of, worker) => [`worker ${worker}`, of] as const),
          ['main', this.states.seen()] as const,
        ]
      },
      now: () => clock.now(),
      log,
      metrics,
    })
  }

  status(): Promise<ReadonlyMap<string, SourceStatus>> {
    return this.#watch.status()
  }

  /** Forgets in all threads what directories said: of one source or all, of these users or all. */
  async refresh(source?: string, users?: readonly string[]): Promise<void> {
    if (users?.length === 0) return
    this.caches.refresh(source, users)
    await Promise.all(this.#workers.map(({ remote }) => remote.refreshDirectories(source, users)))
  }

  /** Forgets in all threads whom a change in a directory concerns. */
  async forget(source: string, concerned: Concerned): Promise<void> {
    this.caches.forget(source, concerned)
    await Promise.all(this.#workers.map(({ remote }) => remote.forgetConcerned(source, concerned)))
  }

  close(): void {
    this.#watch.close()
  }
}
