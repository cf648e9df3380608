import type { Metrics } from '../kernel/metrics.ts'
import type { Receipt } from './receipt.ts'
import { type ReceiptRow, receiptRow } from './receipt-row.ts'

export interface JournalOptions {
  /**
   * Hands a batch to the store thread; resolves when it is stored, with how many of it the database refuses for good. May
   * be called again with the same receipts.
   */
  readonly deliver: (batch: readonly ReceiptRow[]) => Promise<{ readonly refused: number }>
  readonly metrics: Metrics
  /** Told when the store did not take a batch; the journal tries again by itself. */
  readonly failed?: (error: unknown) => void
  /** Receipts that may wait. */
  readonly capacity?: number
}

const CAPACITY = 20_000
const BATCH = 500
/** How long a receipt waits for company. */
const DELAY_MILLISECONDS = 100
const RETRY_MILLISECONDS = 1_000

/**
 * The worker's end of the journal: takes receipts, hands them over in batches. A login never waits for it: where the
 * store falls behind, the newest receipts are dropped and counted.
 */
export class Journal {
  readonly #deliver: JournalOptions['deliver']
  readonly #failed: NonNullable<JournalOptions['failed']>
  readonly #capacity: number
  #queue: ReceiptRow[] = []
  #timer: NodeJS.Timeout | undefined
  #delivery: Promise<void> | undefined
  #closed = false
  #recorded = 0
  #dropped = 0

  constructor({ deliver, metrics, failed = () => {}, capacity = CAPACITY }: JournalOptions) {
    this.#deliver = deliver
    this.#failed = failed
    this.#capacity = capacity
    // Plain numbers on the way of a login; the registry reads them when somebody looks.
    metrics.gauge('journal_receipts', 'Receipts recorded since the start', () => this.#recorded)
    metrics.gauge(
      'journal_dropped',
      'Receipts lost: the store fell behind, or refused them',
      () => this.#dropped,
    )
    metrics.gauge('journal_waiting', 'Receipts not yet stored', () => this.#queue.length)
  }

  get dropped(): number {
    return this.#dropped
  }

  /**
   * Never throws and never waits. The receipt is only made where there is room for it, and becomes text at once: a tree of
   * objects that waits costs the garbage collector more than the login itself.
   */
  record(make: () => Receipt): void {
    if (this.#closed || this.#queue.length >= this.#capacity) {
      this.#dropped++
      return
    }
    this.#recorded++
    this.#queue.push(receiptRow(make()))
    if (this.#queue.length === 1 && this.#delivery === undefined) this.#arm(DELAY_MILLISECONDS)
  }

  /** Hands over what waits, once; what the store does not take then is counted as dropped. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#delivery
    clearTimeout(this.#timer)
    while (this.#queue.length > 0) {
      const taken = await this.#deliverBatch()
      if (taken) continue
      this.#dropped += this.#queue.length
      this.#queue = []
    }
  }

  #arm(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#delivery = this.#deliverAll().finally(() => {
        this.#delivery = undefined
      })
    }, milliseconds)
  }

  async #deliverAll(): Promise<void> {
    while (this.#queue.length > 0) {
      if (await this.#deliverBatch()) continue
      if (!this.#closed) this.#arm(RETRY_MILLISECONDS)
      return
    }
  }

  async #deliverBatch(): Promise<boolean> {
    const batch = this.#queue.slice(0, BATCH)
    try {
      const { refused } = await this.#deliver(batch)
      this.#dropped += refused
    } catch (error) {
      this.#failed(error)
      return false
    }
    this.#queue.splice(0, batch.length)
    return true
  }
}
