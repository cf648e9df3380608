import { PacketCode } from '@sallyport/radius'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { delayedAttributes } from './forwarded-accounting.ts'
import type {
  ForwardedAccounting,
  ForwardedAccountingStore,
  LaterAttempt,
} from './forwarded-accounting-store.ts'
import type { Upstreams } from './upstreams.ts'

export interface ForwarderParts {
  readonly upstreams: Upstreams
  /** Groups of the served configuration. */
  readonly groups: () => readonly string[]
  readonly reader: Pick<ForwardedAccountingStore, 'heads'>
  readonly writer: {
    delivered(ids: readonly number[]): Promise<void>
    later(attempts: readonly LaterAttempt[]): Promise<void>
    expire(before: number): Promise<number>
  }
  readonly keepMilliseconds: () => number
  readonly clock: Clock
  readonly log: Logger
  /** `outcome`: delivered, later (no answer yet) or expired. */
  readonly count: (outcome: 'delivered' | 'later' | 'expired', records: number) => void
}

/** Records on their way to one group at a time. */
const MOST_AT_ONCE = 256
const FIRST_WAIT_MILLISECONDS = 2000
const LONGEST_WAIT_MILLISECONDS = 300_000
const EXPIRY_INTERVAL_MILLISECONDS = 60_000
/** Beside the groups, which have names. */
const EXPIRY = Symbol('expiry')

/**
 * Gives upstreams the accounting that waits for them: one report of a session at a time, again and again until one
 * acknowledges it or it is too old. What was acknowledged and not yet deleted when the process ended is sent once more;
 * the upstream knows a repetition by its contents, as from any device.
 */
export class AccountingForwarder {
  readonly #parts: ForwarderParts
  readonly #running = new Map<string | typeof EXPIRY, Promise<void>>()
  #expiredAt = Number.NEGATIVE_INFINITY
  #isClosed = false

  constructor(parts: ForwarderParts) {
    this.#parts = parts
  }

  /** To be called a few times a second. A group that is slow, or never done, holds up no other. */
  tick(): void {
    for (const group of this.#parts.groups()) this.#begin(group, () => this.#drain(group))
    this.#begin(EXPIRY, () => this.#expire())
  }

  /** Resolves when what is under way is over. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.settled()
  }

  /** Each at most once at a time. */
  #begin(what: string | typeof EXPIRY, work: () => Promise<void>): void {
    if (this.#isClosed || this.#running.has(what)) return
    const running = work()
      .catch((error: unknown) =>
        this.#parts.log.error({ err: error }, 'Accounting could not be passed on; trying again.'),
      )
      .finally(() => this.#running.delete(what))
    this.#running.set(what, running)
  }

  async #drain(group: string): Promise<void> {
    const { upstreams } = this.#parts
    // While all are dead nothing is tried, so that nothing is counted as tried.
    while (!this.#isClosed && upstreams.isAlive(group, 'accounting') && (await this.#sendSome(group)) > 0);
  }

  /** One batch of one group; resolves with how many were delivered. */
  async #sendSome(group: string): Promise<number> {
    const { reader, writer, clock, count } = this.#parts
    const heads = await reader.heads(group, clock.now(), MOST_AT_ONCE)
    if (heads.length === 0) return 0
    const taken = await Promise.all(heads.map((record) => this.#send(record)))
    const delivered = heads.filter((_, index) => taken[index] === true)
    const others = heads.filter((_, index) => taken[index] !== true)
    await writer.delivered(delivered.map(({ id }) => id))
    if (others.length > 0) await writer.later(others.map((record) => laterAttempt(record, clock.now())))
    count('delivered', delivered.length)
    count('later', others.length)
    return delivered.length
  }

  async #send(record: ForwardedAccounting): Promise<boolean> {
    const { upstreams, clock, log } = this.#parts
    const attributes = delayedAttributes(record.attributes, clock.now() - record.received_at)
    try {
      const answer = await upstreams.ask(
        record.upstream_group,
        'accounting',
        PacketCode.AccountingRequest,
        attributes,
      )
      return answer.kind === 'reply'
    } catch (error) {
      log.error({ err: error, client: record.client }, 'An accounting record cannot be sent on.')
      return false
    }
  }

  async #expire(): Promise<void> {
    const { writer, clock, keepMilliseconds, log, count } = this.#parts
    if (clock.monotonic() - this.#expiredAt < EXPIRY_INTERVAL_MILLISECONDS) return
    this.#expiredAt = clock.monotonic()
    const expired = await writer.expire(clock.now() - keepMilliseconds())
    if (expired === 0) return
    count('expired', expired)
    log.error({ records: expired }, 'Accounting that no upstream took for too long was given up.')
  }
}

function laterAttempt({ id, attempts }: ForwardedAccounting, now: number): LaterAttempt {
  const wait = Math.min(FIRST_WAIT_MILLISECONDS * 2 ** Math.min(attempts, 20), LONGEST_WAIT_MILLISECONDS)
  return { id, attempts: attempts + 1, nextAttemptAt: now + wait }
}
