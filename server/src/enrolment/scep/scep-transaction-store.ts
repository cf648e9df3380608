import type { Kysely, Selectable } from 'kysely'
import type { ScepTransactionTable, Schema } from '../../store/schema.ts'

export type ScepTransaction = Selectable<ScepTransactionTable>

/** Whoever has not polled for so long does not come back. */
const KEPT = 90 * 86_400_000

/** Requests that wait for approval, by transaction. Only what the registration authority took gets a row. */
export class ScepTransactionStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  /** The first row of a transaction stays. */
  async keep(transaction: ScepTransaction): Promise<void> {
    await this.#db
      .deleteFrom('scep_transactions')
      .where('created_at', '<', transaction.created_at - KEPT)
      .execute()
    await this.#db
      .insertInto('scep_transactions')
      .values(transaction)
      .onConflict((conflict) => conflict.column('transaction_key').doNothing())
      .execute()
  }

  async find(transactionKey: string): Promise<ScepTransaction | undefined> {
    return await this.#db
      .selectFrom('scep_transactions')
      .selectAll()
      .where('transaction_key', '=', transactionKey)
      .executeTakeFirst()
  }
}
