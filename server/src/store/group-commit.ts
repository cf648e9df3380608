import { BugError, UpstreamError } from '../kernel/errors.ts'
import type { Database } from './database.ts'
import type { RowWrite } from './row-write.ts'
import { type RowWriter, rowWriter } from './row-writer.ts'

/** Items of one transaction. Larger ones gain nothing and let the first wait for the last. */
const MAXIMUM_BATCH = 2_000
/** Items that may wait. Beyond, the database is too slow for the load, and whoever asked must not get an answer. */
const MAXIMUM_WAITING = 50_000

interface Item {
  readonly writes: readonly RowWrite[]
  readonly durable: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Makes many small writes durable with few syncs: what arrives while one transaction commits goes into the next.
 *
 * `write` resolves after the commit is on disk and not before. A failing commit rejects every item of its batch, so that
 * nobody acknowledges what may be lost. A row the database refuses fails alone: its batch is tried again item by item.
 */
export class GroupCommit {
  readonly #writer: RowWriter
  #waiting: Item[] = []
  #running: Promise<void> | undefined
  #closed = false

  constructor(database: Database, writer: RowWriter = rowWriter(database)) {
    this.#writer = writer
  }

  /** @throws UpstreamError 'store-overloaded', 'commit-failed', 'store-closed'; BugError 'row-refused' */
  write(writes: readonly RowWrite[]): Promise<void> {
    if (this.#closed) return Promise.reject(new UpstreamError('store-closed', 'The store is closed.'))
    if (this.#waiting.length >= MAXIMUM_WAITING) {
      return Promise.reject(
        new UpstreamError('store-overloaded', 'The database is slower than the load.', {
          waiting: this.#waiting.length,
        }),
      )
    }
    return new Promise((durable, failed) => {
      this.#waiting.push({ writes, durable, failed })
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
      const batch = this.#waiting.splice(0, MAXIMUM_BATCH)
      await this.#commit(batch)
      // Answers go out, and new messages come in, between two transactions.
      await new Promise(setImmediate)
    }
    this.#running = undefined
  }

  async #commit(batch: readonly Item[]): Promise<void> {
    try {
      await this.#writer.write(batch.flatMap((item) => item.writes))
      for (const item of batch) item.durable()
    } catch (error) {
      if (!this.#writer.isRowFault(error)) {
        const failure = new UpstreamError('commit-failed', 'The database did not commit.', {}, error)
        for (const item of batch) item.failed(failure)
      } else if (batch.length === 1) {
        batch[0]?.failed(new BugError('row-refused', 'The database refused the row.', {}, error))
      } else {
        for (const item of batch) await this.#commit([item])
      }
    }
  }
}
