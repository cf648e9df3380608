import type { Database } from '../../../store/database.ts'
import type { StoredGroup, StoredUser } from './directory-object-reader.ts'

export type ObjectTable = 'directory_users' | 'directory_groups'

/** Rows read at a time, where all are gone through. */
const PAGE = 1_000

/** What a sync reads of the rows of its source, to tell what changed. */
export class KnownObjects {
  readonly #database: Database
  readonly #source: string

  constructor(database: Database, source: string) {
    this.#database = database
    this.#source = source
  }

  async users(ids: readonly string[]): Promise<ReadonlyMap<string, StoredUser>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#database.kysely
      .selectFrom('directory_users')
      .selectAll()
      .where('source', '=', this.#source)
      .where('id', 'in', ids)
      .execute()
    return new Map(rows.map((row) => [row.id, row]))
  }

  async groups(ids: readonly string[]): Promise<ReadonlyMap<string, StoredGroup>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#database.kysely
      .selectFrom('directory_groups')
      .selectAll()
      .where('source', '=', this.#source)
      .where('id', 'in', ids)
      .execute()
    return new Map(rows.map((row) => [row.id, row]))
  }

  async count(table: ObjectTable): Promise<number> {
    const { total } = await this.#database.kysely
      .selectFrom(table)
      .select((column) => column.fn.countAll<number>().as('total'))
      .where('source', '=', this.#source)
      .executeTakeFirstOrThrow()
    return Number(total)
  }

  /** Every id of the source, some at a time. */
  async *ids(table: ObjectTable): AsyncGenerator<readonly string[]> {
    let after = ''
    for (;;) {
      const rows = await this.#database.kysely
        .selectFrom(table)
        .select('id')
        .where('source', '=', this.#source)
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .execute()
      const last = rows.at(-1)
      if (last === undefined) return
      yield rows.map(({ id }) => id)
      after = last.id
      await turn()
    }
  }

  /** Keys of the direct members of a group. */
  async members(group: string): Promise<Set<string>> {
    const keys = new Set<string>()
    let after = ''
    for (;;) {
      const rows = await this.#database.kysely
        .selectFrom('directory_memberships')
        .select('member_key')
        .where('source', '=', this.#source)
        .where('group_id', '=', group)
        .where('member_key', '>', after)
        .orderBy('member_key')
        .limit(PAGE)
        .execute()
      for (const { member_key } of rows) keys.add(member_key)
      const last = rows.at(-1)
      if (last === undefined || rows.length < PAGE) return keys
      after = last.member_key
      await turn()
    }
  }
}

/** SQLite answers at once, and so a long series of reads would keep everybody else from the thread. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
