import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'

/** What the database holds of the local files that copy from it: one row for each. */
export class IssuedMarkStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  /** Null where the file has no mark. */
  async find(file: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom('issued_projections')
      .select('mark')
      .where('file', '=', file)
      .executeTakeFirst()
    return row?.mark ?? null
  }

  async mark(file: string, mark: string, at: number): Promise<void> {
    await this.#db
      .insertInto('issued_projections')
      .values({ file, mark, marked_at: at })
      .onConflict((conflict) => conflict.column('file').doUpdateSet({ mark, marked_at: at }))
      .execute()
  }

  /** Of a file that is made anew. */
  async forget(file: string): Promise<void> {
    await this.#db.deleteFrom('issued_projections').where('file', '=', file).execute()
  }
}
