import type { Kysely, Transaction } from 'kysely'
import { isUniqueViolation } from '../../store/constraint.ts'
import type {
  AcmeAccountTable,
  AcmeAuthorizationTable,
  AcmeKeyTable,
  AcmeOrderTable,
  Schema,
} from '../../store/schema.ts'
import { SharedTransactions } from '../../store/shared-transactions.ts'

/** Open orders of one account: more wait for a client that has gone astray. */
export const MOST_OPEN_ORDERS = 100
/** Orders of one account that are kept; the oldest go. */
const MOST_ORDERS = 2_000
/** Accounts without a key of `sallyport acme keys`. */
export const MOST_OPEN_ACCOUNTS = 20_000
export const MOST_KEYS = 100_000
/** After that a try that nobody finished (a node died) may be made again. */
export const ATTEMPT_MILLISECONDS = 120_000
const KEPT_AFTER_EXPIRY = 7 * 86_400_000
/** Rows one clean-up takes: it shares the store with logins. */
const AT_ONCE = 500

const OPEN = ['pending', 'ready', 'processing'] as const

export type AccountMade = 'made' | 'key-taken' | 'external-key-used' | 'full'
export type OrderMade = 'made' | 'too-many' | 'replaced-already'

/** What finalize came to. */
export type Finalized =
  | { readonly status: 'valid'; readonly serial: string; readonly chain: string; readonly expires_at: number }
  | { readonly status: 'processing'; readonly request_id: number }
  | { readonly status: 'invalid'; readonly error: string }
  /** Nobody could say: finalize may be called again. */
  | { readonly status: 'ready' }

/** Keys, accounts, orders and authorizations. Each change of state says from which state, so that two at a time make one. */
export class AcmeStore {
  readonly #db: Kysely<Schema>
  readonly #transactions: SharedTransactions

  constructor(db: Kysely<Schema>, transactions = new SharedTransactions(db)) {
    this.#db = db
    this.#transactions = transactions
  }

  /** False where there are too many. */
  async createKey(row: AcmeKeyTable): Promise<boolean> {
    return await this.#transactions.run(async (db) => {
      if ((await count(db, 'acme_keys')) >= MOST_KEYS) return false
      await db.insertInto('acme_keys').values(row).execute()
      return true
    })
  }

  async keys(limit: number, after = ''): Promise<AcmeKeyTable[]> {
    return await this.#db
      .selectFrom('acme_keys')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  async key(id: string): Promise<AcmeKeyTable | undefined> {
    return await this.#db.selectFrom('acme_keys').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /** The account made with it goes with it: it is deactivated. */
  async deleteKey(id: string): Promise<boolean> {
    return await this.#transactions.run(async (db) => {
      const key = await db
        .deleteFrom('acme_keys')
        .where('id', '=', id)
        .returning('acme_account')
        .executeTakeFirst()
      if (key === undefined) return false
      if (key.acme_account !== null) await deactivate(db, key.acme_account)
      return true
    })
  }

  /** With `key_id`: uses that key up, which only the first account can. */
  async createAccount(row: AcmeAccountTable): Promise<AccountMade> {
    try {
      return await this.#transactions.run(async (db) => {
        if (row.key_id === null) {
          const { n } = await db
            .selectFrom('acme_accounts')
            .select((each) => each.fn.countAll().as('n'))
            .where('key_id', 'is', null)
            .executeTakeFirstOrThrow()
          if (Number(n) >= MOST_OPEN_ACCOUNTS) return 'full'
        } else {
          const used = await db
            .updateTable('acme_keys')
            .set({ acme_account: row.id, used_at: row.created_at })
            .where('id', '=', row.key_id)
            .where('acme_account', 'is', null)
            .where('expires_at', '>', row.created_at)
            .executeTakeFirst()
          if (used.numUpdatedRows !== 1n) return 'external-key-used'
        }
        await db.insertInto('acme_accounts').values(row).execute()
        return 'made'
      })
    } catch (error) {
      if (isUniqueViolation(error)) return 'key-taken'
      throw error
    }
  }

  async account(id: string): Promise<AcmeAccountTable | undefined> {
    return await this.#db.selectFrom('acme_accounts').selectAll().where('id', '=', id).executeTakeFirst()
  }

  async accountByKey(place: string): Promise<AcmeAccountTable | undefined> {
    return await this.#db
      .selectFrom('acme_accounts')
      .selectAll()
      .where('key_place', '=', place)
      .executeTakeFirst()
  }

  /** By id. */
  async accounts(limit: number, after = ''): Promise<AcmeAccountTable[]> {
    return await this.#db
      .selectFrom('acme_accounts')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  async setContacts(id: string, contacts: string): Promise<void> {
    await this.#db.updateTable('acme_accounts').set({ contacts }).where('id', '=', id).execute()
  }

  /** False where it is not valid (any more). */
  async deactivateAccount(id: string): Promise<boolean> {
    return await this.#transactions.run((db) => deactivate(db, id))
  }

  /** False where another account has the new key, or this one no longer has the old. */
  async changeKey(id: string, oldPlace: string, newPlace: string, jwk: string): Promise<boolean> {
    try {
      const changed = await this.#db
        .updateTable('acme_accounts')
        .set({ key_place: newPlace, jwk })
        .where('id', '=', id)
        .where('key_place', '=', oldPlace)
        .where('status', '=', 'valid')
        .executeTakeFirst()
      return changed.numUpdatedRows === 1n
    } catch (error) {
      if (isUniqueViolation(error)) return false
      throw error
    }
  }

  async createOrder(
    order: AcmeOrderTable,
    authorizations: readonly AcmeAuthorizationTable[],
  ): Promise<OrderMade> {
    return await this.#transactions.run(async (db) => {
      const open = await db
        .selectFrom('acme_orders')
        .select('id')
        .where('account', '=', order.account)
        .where('status', 'in', OPEN)
        .where('expires_at', '>', order.created_at)
        .limit(MOST_OPEN_ORDERS)
        .execute()
      if (open.length >= MOST_OPEN_ORDERS) return 'too-many'
      if (order.replaces !== null) {
        const other = await db
          .selectFrom('acme_orders')
          .select('id')
          .where('replaces', '=', order.replaces)
          .where('status', '!=', 'invalid')
          .where((where) =>
            where.or([where('status', '=', 'valid'), where('expires_at', '>', order.created_at)]),
          )
          .executeTakeFirst()
        if (other !== undefined) return 'replaced-already'
      }
      await db.insertInto('acme_orders').values(order).execute()
      await db
        .insertInto('acme_authorizations')
        .values([...authorizations])
        .execute()
      const { account, created_at: seen_at } = order
      await db.updateTable('acme_accounts').set({ seen_at }).where('id', '=', account).execute()
      return 'made'
    })
  }

  async order(id: string): Promise<AcmeOrderTable | undefined> {
    return await this.#db.selectFrom('acme_orders').selectAll().where('id', '=', id).executeTakeFirst()
  }

  async orderBySerial(serial: string): Promise<AcmeOrderTable | undefined> {
    return await this.#db
      .selectFrom('acme_orders')
      .selectAll()
      .where('serial', '=', serial)
      .executeTakeFirst()
  }

  /** Ids, the latest first. */
  async ordersOf(account: string, limit: number): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('acme_orders')
      .select('id')
      .where('account', '=', account)
      .orderBy('created_at', 'desc')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  }

  /** As the order names them. */
  async authorizationsOf(order: string): Promise<AcmeAuthorizationTable[]> {
    return await this.#db
      .selectFrom('acme_authorizations')
      .selectAll()
      .where('order_id', '=', order)
      .orderBy('position')
      .execute()
  }

  async authorization(id: string): Promise<AcmeAuthorizationTable | undefined> {
    return await this.#db
      .selectFrom('acme_authorizations')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
  }

  /** Takes an authorization for a try of one of its challenges; false where another took it, or it is decided. */
  async beginAttempt(id: string, type: string, now: number): Promise<boolean> {
    const taken = await this.#transactions.run((db) =>
      db
        .updateTable('acme_authorizations')
        .set({ attempted: type, validated_at: now })
        .where('id', '=', id)
        .where('status', '=', 'pending')
        .where('expires_at', '>', now)
        .where((where) =>
          where.or([
            where('attempted', 'is', null),
            where.and([
              where('attempted', '=', type),
              where('validated_at', '<', now - ATTEMPT_MILLISECONDS),
            ]),
          ]),
        )
        .executeTakeFirst(),
    )
    return taken.numUpdatedRows === 1n
  }

  /** The order follows: ready with its last name, invalid with its first that failed. */
  async endAttempt(
    id: string,
    outcome: Pick<AcmeAuthorizationTable, 'status' | 'validated_at' | 'error' | 'attested_key'>,
  ): Promise<void> {
    await this.#transactions.run(async (db) => {
      const row = await db
        .updateTable('acme_authorizations')
        .set(outcome)
        .where('id', '=', id)
        .where('status', '=', 'pending')
        .returning('order_id')
        .executeTakeFirst()
      if (row === undefined) return
      if (outcome.status !== 'valid') {
        await failOrder(db, row.order_id, outcome.error)
        return
      }
      const missing = await db
        .selectFrom('acme_authorizations')
        .select('id')
        .where('order_id', '=', row.order_id)
        .where('status', '!=', 'valid')
        .executeTakeFirst()
      if (missing !== undefined) return
      await db
        .updateTable('acme_orders')
        .set({ status: 'ready' })
        .where('id', '=', row.order_id)
        .where('status', '=', 'pending')
        .execute()
    })
  }

  /** False where it is decided against already. */
  async deactivateAuthorization(id: string): Promise<boolean> {
    return await this.#transactions.run(async (db) => {
      const row = await db
        .updateTable('acme_authorizations')
        .set({ status: 'deactivated' })
        .where('id', '=', id)
        .where('status', 'in', ['pending', 'valid'])
        .returning('order_id')
        .executeTakeFirst()
      if (row !== undefined) await failOrder(db, row.order_id, null)
      return row !== undefined
    })
  }

  /** Whether this account has proved this name and the proof still counts. @param identifier JSON */
  async hasProved(account: string, identifier: string, wildcard: 0 | 1, now: number): Promise<boolean> {
    const row = await this.#db
      .selectFrom('acme_authorizations')
      .select('id')
      .where('account', '=', account)
      .where('identifier', '=', identifier)
      .where('wildcard', '=', wildcard)
      .where('status', '=', 'valid')
      .where('expires_at', '>', now)
      .executeTakeFirst()
    return row !== undefined
  }

  /** False where the order is not ready: another call of finalize was first. */
  async beginFinalize(id: string, request: Uint8Array): Promise<boolean> {
    const begun = await this.#transactions.run((db) =>
      db
        .updateTable('acme_orders')
        .set({ status: 'processing', request })
        .where('id', '=', id)
        .where('status', '=', 'ready')
        .executeTakeFirst(),
    )
    return begun.numUpdatedRows === 1n
  }

  async endFinalize(id: string, outcome: Finalized): Promise<void> {
    await this.#transactions.run((db) =>
      db
        .updateTable('acme_orders')
        .set(outcome)
        .where('id', '=', id)
        .where('status', '=', 'processing')
        .execute(),
    )
  }

  /**
   * Deletes what ended a week ago: orders, keys nobody used, accounts of open directories that never ordered; and orders
   * beyond the most an account may have. @returns orders deleted
   */
  async cleanUp(now: number): Promise<number> {
    const before = now - KEPT_AFTER_EXPIRY
    return await this.#transactions.run(async (db) => {
      await db
        .deleteFrom('acme_keys')
        .where('acme_account', 'is', null)
        .where('expires_at', '<', before)
        .execute()
      await db
        .deleteFrom('acme_accounts')
        .where('key_id', 'is', null)
        .where('created_at', '<', before)
        .whereRef('seen_at', '=', 'created_at')
        .execute()
      const orders = await db
        .selectFrom('acme_orders')
        .select('id')
        .where('expires_at', '<', before)
        .limit(AT_ONCE)
        .execute()
      await deleteOrders(
        db,
        orders.map(({ id }) => id),
      )
      const crowded = await db
        .selectFrom('acme_orders')
        .select('account')
        .groupBy('account')
        .having((each) => each.fn.countAll(), '>', MOST_ORDERS)
        .limit(10)
        .execute()
      let deleted = orders.length
      for (const { account } of crowded) {
        const surplus = await db
          .selectFrom('acme_orders')
          .select('id')
          .where('account', '=', account)
          .orderBy('created_at', 'desc')
          .limit(AT_ONCE)
          .offset(MOST_ORDERS)
          .execute()
        await deleteOrders(
          db,
          surplus.map(({ id }) => id),
        )
        deleted += surplus.length
      }
      return deleted
    })
  }
}

async function count(db: Transaction<Schema>, table: 'acme_keys'): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select((each) => each.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

async function deactivate(db: Transaction<Schema>, id: string): Promise<boolean> {
  const done = await db
    .updateTable('acme_accounts')
    .set({ status: 'deactivated' })
    .where('id', '=', id)
    .where('status', '=', 'valid')
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) return false
  // RFC 8555 section 7.3.6: what the account had begun ends with it.
  await db
    .updateTable('acme_orders')
    .set({ status: 'invalid' })
    .where('account', '=', id)
    .where('status', 'in', OPEN)
    .execute()
  await db
    .updateTable('acme_authorizations')
    .set({ status: 'deactivated' })
    .where('account', '=', id)
    .where('status', 'in', ['pending', 'valid'])
    .execute()
  return true
}

async function failOrder(db: Transaction<Schema>, id: string, error: string | null): Promise<void> {
  await db
    .updateTable('acme_orders')
    .set({ status: 'invalid', error })
    .where('id', '=', id)
    .where('status', 'in', ['pending', 'ready'])
    .execute()
}

async function deleteOrders(db: Transaction<Schema>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.deleteFrom('acme_authorizations').where('order_id', 'in', ids).execute()
  await db.deleteFrom('acme_orders').where('id', 'in', ids).execute()
}
