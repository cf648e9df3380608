import { BugError, UpstreamError } from '../kernel/errors.ts'

/** Items of one transaction. Larger ones gain nothing and let the first wait for the last. */
const MAXIMUM_BATCH = 2_000
/** Items that may wait. Beyond, the database is too slow for the load, and whoever asked must not get an answer. */
const MAXIMUM_WAITING = 50_000

/** Writes a batch in one durable transaction. */
export interface BatchWriter<Item> {
  /** Resolves after the commit is on disk. Where it rejects, the batch is not in the database, or nobody can tell. */
  write(items: readonly Item[]): Promise<void>
  /** True where a row is to blame (constraint, unstorable value), not the database. */
  isRowFault(error: unknown): boolean
}

interface Waiting<Item> {
  readonly item: Item
  readonly durable: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Makes many small writes durable with few syncs: what arrives while one transaction commits goes into the next.
 *
 * `write` resolves after the commit is on disk and not before. A failing commit rejects every item of its batch, so that
 * nobody acknowledges what may be lost. A row the database refuses fails alone: its batch is tried again item by item.
 */
export class BatchCommit<Item> {
  readonly #writer: BatchWriter<Item>
  readonly #mostTogether: number
  #waiting: Waiting<Item>[] = []
  #running: Promise<void> | undefined
  #closed = false

  constructor(writer: BatchWriter<Item>, mostTogether = MAXIMUM_BATCH) {
    this.#writer = writer
    this.#mostTogether = mostTogether
  }

  /** @throws UpstreamError 'store-overloaded', 'commit-failed', 'store-closed'; BugError 'row-refused' */
  write(item: Item): Promise<void> {
    if (this.#closed) return Promise.reject(new UpstreamError('store-closed', 'The store is closed.'))
    if (this.#waiting.length >= MAXIMUM_WAITING) {
      return Promise.reject(
        new UpstreamError('store-overloaded', 'The database is slower than the load.', {
          waiting: this.#waiting.length,
        }),
      )
    }
    return new Promise((durable, failed) => {
      this.#waiting.push({ item, durable, failed })
      this.#running ??= this.#run()
    })
  }

  /** Number of items waiting for their commit: for metrics. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Commits what waits; later writes are refused. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    // Let the messages that arrived together come in together.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#mostTogether)
      await this.#commit(batch)
      // Answers go out, and new messages come in, between two transactions.
      await new Promise(setImmediate)
    }
    this.#running = undefined
  }

  async #commit(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#writer.write(batch.map(({ item }) => item))
      for (const { durable } of batch) durable()
    } catch (error) {
      if (!this.#writer.isRowFault(error)) {
        const failure = new UpstreamError('commit-failed', 'The database did not commit.', {}, error)
        for (const { failed } of batch) failed(failure)
      } else if (batch.length === 1) {
        batch[0]?.failed(new BugError('row-refused', 'The database refused the row.', {}, error))
      } else {
        for (const each of batch) await this.#commit([each])
      }
    }
  }
}
