import type { FactChange } from '../../../store/fact-change.ts'
import { type DirectoryBatch, MOST_IN_BATCH } from './directory-object-store.ts'
import type { SyncParts } from './sync-parts.ts'

/** A look that finds nothing new has to say now and then that it is still under way. */
const SIGN_OF_LIFE_MILLISECONDS = 10_000

/** Hands what a run found to the store thread, and counts it. */
export class SyncWriter {
  readonly #parts: Pick<SyncParts, 'store' | 'lease' | 'clock' | 'changed'>
  #wroteAt: number
  readonly counts = { read: 0, added: 0, changed: 0, deleted: 0, joined: 0, left: 0 }

  constructor(parts: Pick<SyncParts, 'store' | 'lease' | 'clock' | 'changed'>) {
    this.#parts = parts
    this.#wroteAt = parts.clock.monotonic()
  }

  async write(batch: DirectoryBatch): Promise<void> {
    const { store, lease, clock, changed } = this.#parts
    if (batch.facts !== undefined && batch.facts.length > 0) await changed(usersOf(batch.facts))
    await store.write(lease(), batch)
    this.#wroteAt = clock.monotonic()
  }

  /** To be called for every page. */
  async read(entries: number): Promise<void> {
    this.counts.read += entries
    if (this.#parts.clock.monotonic() - this.#wroteAt > SIGN_OF_LIFE_MILLISECONDS) await this.write({})
  }
}

/** undefined: anybody. */
function usersOf(facts: readonly FactChange[]): readonly string[] | undefined {
  if (facts.some(({ fact }) => fact !== 'user')) return undefined
  return facts.flatMap(({ key }) => key ?? [])
}

/** As many as go into one transaction at a time. */
export function* inBatches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += MOST_IN_BATCH) yield all.slice(at, at + MOST_IN_BATCH)
}
