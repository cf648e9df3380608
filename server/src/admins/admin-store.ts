import type { Kysely, Selectable } from 'kysely'
import type { Database } from '../store/database.ts'
import type { AdminTable, Schema, TokenTable } from '../store/schema.ts'

export type AdminRecord = Selectable<AdminTable>
export type TokenRecord = Selectable<TokenTable>
/** A token with the account it speaks for. */
export interface TokenWithOwner {
  readonly token: TokenRecord
  readonly admin: AdminRecord
}

export type AdminChange = Partial<Pick<AdminRecord, 'role' | 'password_hash' | 'disabled'>> &
  Pick<AdminRecord, 'updated_at'>
export type ChangeOutcome = 'done' | 'not-found' | 'last-admin'

/** Administrators and their tokens. Writes run on the writer; reads may run on a reader connection. */
export class AdminStore {
  readonly #db: Kysely<Schema>

  constructor(database: Database) {
    this.#db = database.kysely
  }

  async list(): Promise<AdminRecord[]> {
    return await this.#db.selectFrom('admins').selectAll().orderBy('name_key').execute()
  }

  async find(nameKey: string): Promise<AdminRecord | undefined> {
    return await this.#db.selectFrom('admins').selectAll().where('name_key', '=', nameKey).executeTakeFirst()
  }

  /** False where the name is taken. */
  async add(admin: AdminRecord): Promise<boolean> {
    const result = await this.#db
      .insertInto('admins')
      .values(admin)
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .executeTakeFirst()
    return result.numInsertedOrUpdatedRows === 1n
  }

  /** Changes an account and ends its login sessions. */
  async change(nameKey: string, change: AdminChange): Promise<ChangeOutcome> {
    return await this.#keepingAnAdmin(async (transaction) => {
      const changed = await transaction
        .updateTable('admins')
        .set(change)
        .where('name_key', '=', nameKey)
        .returning('id')
        .executeTakeFirst()
      if (changed === undefined) return 'not-found'
      await transaction
        .deleteFrom('tokens')
        .where('admin_id', '=', changed.id)
        .where('kind', '=', 'login')
        .execute()
      return 'done'
    })
  }

  /** Removes an account with all its tokens. */
  async remove(nameKey: string): Promise<ChangeOutcome> {
    return await this.#keepingAnAdmin(async (transaction) => {
      const admin = await transaction
        .selectFrom('admins')
        .select('id')
        .where('name_key', '=', nameKey)
        .executeTakeFirst()
      if (admin === undefined) return 'not-found'
      await transaction.deleteFrom('tokens').where('admin_id', '=', admin.id).execute()
      await transaction.deleteFrom('admins').where('id', '=', admin.id).execute()
      return 'done'
    })
  }

  async addToken(token: TokenRecord): Promise<void> {
    await this.#db.insertInto('tokens').values(token).execute()
  }

  async findToken(id: string): Promise<TokenWithOwner | undefined> {
    const token = await this.#db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst()
    if (token === undefined) return undefined
    const admin = await this.#db
      .selectFrom('admins')
      .selectAll()
      .where('id', '=', token.admin_id)
      .executeTakeFirst()
    return admin === undefined ? undefined : { token, admin }
  }

  async listTokens(kind: TokenRecord['kind']): Promise<(TokenRecord & { admin_name: string })[]> {
    return await this.#db
      .selectFrom('tokens')
      .innerJoin('admins', 'admins.id', 'tokens.admin_id')
      .selectAll('tokens')
      .select('admins.name as admin_name')
      .where('kind', '=', kind)
      .orderBy('tokens.created_at')
      .execute()
  }

  async tokenUsed(id: string, at: number): Promise<void> {
    await this.#db.updateTable('tokens').set({ last_used_at: at }).where('id', '=', id).execute()
  }

  /** False where there is no such token. */
  async removeToken(id: string): Promise<boolean> {
    const result = await this.#db.deleteFrom('tokens').where('id', '=', id).executeTakeFirst()
    return result.numDeletedRows === 1n
  }

  async removeExpiredTokens(now: number): Promise<void> {
    await this.#db.deleteFrom('tokens').where('expires_at', '<=', now).execute()
  }

  /** Runs the work in a transaction, and takes it back where it would leave nobody who may administer. */
  async #keepingAnAdmin(
    work: (transaction: Kysely<Schema>) => Promise<'done' | 'not-found'>,
  ): Promise<ChangeOutcome> {
    try {
      return await this.#db.transaction().execute(async (transaction) => {
        const outcome = await work(transaction)
        if (outcome === 'done' && !(await hasAdmin(transaction))) throw new LastAdmin()
        return outcome
      })
    } catch (error) {
      if (error instanceof LastAdmin) return 'last-admin'
      throw error
    }
  }
}

/** An exception is the only way to roll a Kysely transaction back. */
class LastAdmin extends Error {}

async function hasAdmin(db: Kysely<Schema>): Promise<boolean> {
  const admin = await db
    .selectFrom('admins')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .executeTakeFirst()
  return admin !== undefined
}
