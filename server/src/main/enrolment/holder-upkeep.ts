import { HolderStore } from '../../enrolment/status/holder-store.ts'
import { HolderWatch, type HolderWatchParts } from '../../enrolment/status/holder-watch.ts'
import type { Database } from '../../store/database.ts'

/** Another node, or a configuration that was applied, may have changed accounts. */
const LOOK_MILLISECONDS = 2_000
const SWEEP_MILLISECONDS = 60_000

/** Lets certificates follow their holders' accounts, at a steady pace. */
export class HolderUpkeep {
  readonly #watch: HolderWatch
  readonly #timers: readonly NodeJS.Timeout[]

  private constructor(watch: HolderWatch) {
    this.#watch = watch
    this.#timers = [
      setInterval(() => void watch.changed(), LOOK_MILLISECONDS).unref(),
      setInterval(() => void watch.sweep(), SWEEP_MILLISECONDS).unref(),
    ]
  }

  static async start(
    parts: Omit<HolderWatchParts, 'read'> & { readonly reader: Database },
  ): Promise<HolderUpkeep> {
    const watch = new HolderWatch({ ...parts, read: new HolderStore(parts.reader) })
    await watch.changed()
    return new HolderUpkeep(watch)
  }

  /** Resolves once the certificates of local accounts that changed follow them. */
  changed(): Promise<void> {
    return this.#watch.changed()
  }

  /** Resolves once what was begun is done. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#watch.idle()
  }
}
