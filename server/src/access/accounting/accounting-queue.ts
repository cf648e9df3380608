import type { AccountingRecord } from './accounting-record.ts'

type Store = (records: readonly AccountingRecord[]) => Promise<readonly boolean[]>

interface Waiting {
  readonly record: AccountingRecord
  readonly settle: (isDurable: boolean) => void
}

/** Records one worker may have on the way; beyond, the NAS keeps them and tries again. */
const MOST_ON_THE_WAY = 20_000

/**
 * A worker's side of accounting: records that arrive within one turn of the event loop travel to the store thread
 * together.
 */
export class AccountingQueue {
  readonly #store: Store
  #gathering: Waiting[] = []
  #onTheWay = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** Resolves to whether the record is durable; never rejects. */
  write(record: AccountingRecord): Promise<boolean> {
    if (this.#onTheWay >= MOST_ON_THE_WAY) return Promise.resolve(false)
    this.#onTheWay++
    return new Promise((settle) => {
      if (this.#gathering.push({ record, settle }) === 1) setImmediate(() => void this.#flush())
    })
  }

  async #flush(): Promise<void> {
    const batch = this.#gathering
    this.#gathering = []
    let durable: readonly boolean[] = []
    try {
      durable = await this.#store(batch.map(({ record }) => record))
    } catch {
      // Whatever it threw: nothing is known to be durable, so nothing is acknowledged.
    }
    this.#onTheWay -= batch.length
    for (const [index, { settle }] of batch.entries()) settle(durable[index] === true)
  }
}
