import type { Kysely, Selectable } from 'kysely'
import type { AuthorityTable, Schema } from '../../store/schema.ts'

export type AuthorityRecord = Selectable<AuthorityTable>

/** The keys of the own CA. What is active, prepared or former changes in one transaction. */
export class AuthorityStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  /** Oldest first. */
  async list(): Promise<AuthorityRecord[]> {
    return await this.#db
      .selectFrom('authorities')
      .selectAll()
      .orderBy('created_at')
      .orderBy('key_id')
      .execute()
  }

  async insert(...records: readonly AuthorityRecord[]): Promise<void> {
    await this.#db.insertInto('authorities').values(records).execute()
  }

  /** The certificate an outside CA made for a request. False where there is no such request (any more). */
  async install(keyId: string, certificate: string, chain: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('authorities')
      .set({ certificate, chain, state: 'prepared' })
      .where('key_id', '=', keyId)
      .where('state', '=', 'requested')
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  /** Deletes what nobody has got a certificate of. False where it is in use, or not there. */
  async discard(keyId: string): Promise<boolean> {
    const result = await this.#db
      .deleteFrom('authorities')
      .where('key_id', '=', keyId)
      .where('state', 'in', ['requested', 'prepared'])
      .executeTakeFirst()
    return result.numDeletedRows === 1n
  }

  /**
   * Makes a prepared issuing CA the active one, with its root where that is ours; those that were become former.
   * False where it is not prepared (any more).
   */
  async activate(issuingKeyId: string, rootKeyId: string | undefined): Promise<boolean> {
    return await this.#db.transaction().execute(async (transaction) => {
      const prepared = await transaction
        .selectFrom('authorities')
        .select('key_id')
        .where('key_id', '=', issuingKeyId)
        .where('role', '=', 'issuing')
        .where('state', '=', 'prepared')
        .executeTakeFirst()
      if (prepared === undefined) return false
      await transaction
        .updateTable('authorities')
        .set({ state: 'former' })
        .where('state', '=', 'active')
        .execute()
      const now = rootKeyId === undefined ? [issuingKeyId] : [issuingKeyId, rootKeyId]
      await transaction
        .updateTable('authorities')
        .set({ state: 'active' })
        .where('key_id', 'in', now)
        .execute()
      return true
    })
  }
}
