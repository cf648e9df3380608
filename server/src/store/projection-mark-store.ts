import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** What the database holds of the local files that copy from it: one row for each. */
export class ProjectionMarkStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  async mark(file: string, mark: string, at: number): Promise<void> {
    await this.#db
      .insertInto('projection_marks')
      .values({ file, mark, marked_at: at })
      .onConflict((conflict) => conflict.column('file').doUpdateSet({ mark, marked_at: at }))
      .execute()
  }

  /** Of a file that is made anew. */
  async forget(file: string): Promise<void> {
    await this.#db.deleteFrom('projection_marks').where('file', '=', file).execute()
  }
}
