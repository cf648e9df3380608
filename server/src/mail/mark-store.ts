import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** Until when each entry of `mail` was told what ends, so that nothing is told twice, by no node and after no restart. */
export class MailMarkStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  async find(name: string): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('mail_marks')
      .select('until')
      .where('name', '=', name)
      .executeTakeFirst()
    return row?.until
  }

  /** False where another node was faster. @param from what `find` said */
  async move(name: string, from: number | undefined, until: number): Promise<boolean> {
    if (from === undefined) {
      const row = await this.#db
        .insertInto('mail_marks')
        .values({ name, until })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('name')
        .executeTakeFirst()
      return row !== undefined
    }
    const row = await this.#db
      .updateTable('mail_marks')
      .set({ until })
      .where('name', '=', name)
      .where('until', '=', from)
      .returning('name')
      .executeTakeFirst()
    return row !== undefined
  }
}
