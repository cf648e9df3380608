import type { Selectable } from 'kysely'
import type { Database } from '../../store/database.ts'
import type { ForwardedAccountingTable } from '../../store/schema.ts'

export type ForwardedAccounting = Selectable<ForwardedAccountingTable>

export interface ForwardingQueue {
  readonly group: string
  readonly waiting: number
  /** Milliseconds since the epoch: when the oldest of them was received. */
  readonly oldestAt: number
}

export interface LaterAttempt {
  readonly id: number
  readonly attempts: number
  readonly nextAttemptAt: number
}

/** More is not taken: the device keeps its records, which it can, rather than this server losing them. */
export const MOST_FORWARDED = 100_000
const MOST_EXPIRED = 1000

/** Accounting that upstreams are still to be given; `accounting-ledger.ts` puts it in. */
export class ForwardedAccountingStore {
  readonly #database: Database
  /** How many wait, as far as this thread knows; counted anew now and then. */
  #waiting = 0

  constructor(database: Database) {
    this.#database = database
  }

  get isFull(): boolean {
    return this.#waiting >= MOST_FORWARDED
  }

  /** A record was stored. */
  added(): void {
    this.#waiting++
  }

  /** What may be sent now: of each session the oldest report, so that none overtakes another. */
  async heads(group: string, now: number, limit: number): Promise<readonly ForwardedAccounting[]> {
    return await this.#database.kysely
      .selectFrom('forwarded_accounting as head')
      .selectAll()
      .where('upstream_group', '=', group)
      .where('next_attempt_at', '<=', now)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('forwarded_accounting as earlier')
              .select('earlier.id')
              .whereRef('earlier.session_key', '=', 'head.session_key')
              // What another group is to be given, since the realm was another's, is no part of this order.
              .whereRef('earlier.upstream_group', '=', 'head.upstream_group')
              .whereRef('earlier.id', '<', 'head.id'),
          ),
        ),
      )
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  async queues(): Promise<readonly ForwardingQueue[]> {
    const rows = await this.#database.kysely
      .selectFrom('forwarded_accounting')
      .select((select) => [
        'upstream_group',
        select.fn.countAll<number | string>().as('waiting'),
        select.fn.min('received_at').as('oldest'),
      ])
      .groupBy('upstream_group')
      .orderBy('upstream_group')
      .execute()
    const queues = rows.map(({ upstream_group: group, waiting, oldest }) => ({
      group,
      waiting: Number(waiting),
      oldestAt: Number(oldest),
    }))
    this.#waiting = queues.reduce((sum, { waiting }) => sum + waiting, 0)
    return queues
  }

  /** An upstream acknowledged them. */
  async delivered(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return
    const { numDeletedRows } = await this.#database.kysely
      .deleteFrom('forwarded_accounting')
      .where('id', 'in', [...ids])
      .executeTakeFirstOrThrow()
    this.#waiting = Math.max(0, this.#waiting - Number(numDeletedRows))
  }

  async later(attempts: readonly LaterAttempt[]): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      for (const { id, attempts: count, nextAttemptAt } of attempts) {
        await transaction
          .updateTable('forwarded_accounting')
          .set({ attempts: count, next_attempt_at: nextAttemptAt })
          .where('id', '=', id)
          .execute()
      }
    })
  }

  /** Gives up what was received before; some at a time. */
  async expire(before: number): Promise<number> {
    const { kysely } = this.#database
    const { numDeletedRows } = await kysely
      .deleteFrom('forwarded_accounting')
      .where(
        'id',
        'in',
        kysely
          .selectFrom('forwarded_accounting')
          .select('id')
          .where('received_at', '<', before)
          .orderBy('id')
          .limit(MOST_EXPIRED),
      )
      .executeTakeFirstOrThrow()
    const expired = Number(numDeletedRows)
    this.#waiting = Math.max(0, this.#waiting - expired)
    return expired
  }
}
