import type { Selectable } from 'kysely'
import type { Database } from '../store/database.ts'
import type { FactChangeTable } from '../store/schema.ts'

/** What changed about users and groups since it was last looked at. */
export interface UserChanges {
  /** Looked at up to here once these are done. */
  readonly revision: number
  /** Names of users that changed; undefined: so much did, or of such a kind, that every grant is looked at. */
  readonly users: readonly string[] | undefined
}

export type NotedChange = Selectable<FactChangeTable>

/** More users than this at once are not looked up one by one. */
const MOST_USERS = 200

/** Reads what changed. Revisions and notes are written by the transactions of the changes themselves. */
export class ChangeStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** undefined: nothing. A user that was deleted, or any group, may mean anybody: memberships are nested. */
  async userChanges(): Promise<UserChanges | undefined> {
    const { kysely } = this.#database
    const rows = await kysely
      .selectFrom('revisions')
      .selectAll()
      .where('name', 'in', ['users', 'grants'])
      .execute()
    const value = (name: string): number => rows.find((row) => row.name === name)?.value ?? 0
    const [revision, seen] = [value('users'), value('grants')]
    // Less than before: a backup was restored, and nothing is known of what else changed with it.
    if (revision === seen) return undefined
    if (revision < seen || (await this.#isWide(seen))) return { revision, users: undefined }
    const users = await kysely
      .selectFrom('users')
      .select('name')
      .where('revision', '>', seen)
      .limit(MOST_USERS + 1)
      .execute()
    if (users.length > MOST_USERS) return { revision, users: undefined }
    return { revision, users: users.map(({ name }) => name) }
  }

  /** Notes about one user, certificate ..., or about everything; the oldest first. */
  async noted(about: 'one' | 'all', limit: number): Promise<readonly NotedChange[]> {
    return await this.#database.kysely
      .selectFrom('fact_changes')
      .selectAll()
      .where('fact', about === 'all' ? '=' : '<>', 'all')
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  async #isWide(seen: number): Promise<boolean> {
    const { kysely } = this.#database
    const group = await kysely
      .selectFrom('groups')
      .select('id')
      .where('revision', '>', seen)
      .limit(1)
      .execute()
    if (group.length > 0) return true
    const gone = await kysely
      .selectFrom('tombstones')
      .select('id')
      .where('revision', '>', seen)
      .limit(1)
      .execute()
    return gone.length > 0
  }
}
