import type { Selectable } from 'kysely'
import type { Database } from '../store/database.ts'
import type { FactChangeTable } from '../store/schema.ts'

/** What changed about users, groups and MAC addresses since it was last looked at. */
export interface UserChanges {
  /** Looked at up to here once these are done. */
  readonly revision: number
  /** undefined: so much did, or of such a kind, that every grant is looked at. */
  readonly accounts: readonly ChangedAccount[] | undefined
}

export interface ChangedAccount {
  /** As grants name it. */
  readonly name: string
  readonly what: 'user' | 'MAC address'
}

export type NotedChange = Selectable<FactChangeTable>

/** More accounts than this at once are not looked up one by one. */
const MOST_ACCOUNTS = 200

/** Reads what changed. Revisions and notes are written by the transactions of the changes themselves. */
export class ChangeStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** undefined: nothing. A user that was deleted, or any group, may mean anybody: memberships are nested. */
  async userChanges(): Promise<UserChanges | undefined> {
    const rows = await this.#database.kysely
      .selectFrom('revisions')
      .selectAll()
      .where('name', 'in', ['users', 'grants'])
      .execute()
    const value = (name: string): number => rows.find((row) => row.name === name)?.value ?? 0
    const [revision, seen] = [value('users'), value('grants')]
    if (revision === seen) return undefined
    // Less than before: a backup was restored, and nothing is known of what else changed with it.
    if (revision < seen || (await this.#isWide(seen))) return { revision, accounts: undefined }
    const accounts = await this.#accounts(seen)
    return { revision, accounts: accounts.length > MOST_ACCOUNTS ? undefined : accounts }
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

  async #accounts(seen: number): Promise<readonly ChangedAccount[]> {
    const { kysely } = this.#database
    const users = await kysely
      .selectFrom('users')
      .select('name')
      .where('revision', '>', seen)
      .limit(MOST_ACCOUNTS + 1)
      .execute()
    const macs = await kysely
      .selectFrom('mac_addresses')
      .select('mac as name')
      .where('revision', '>', seen)
      .union(
        kysely
          .selectFrom('tombstones')
          .select('id as name')
          .where('kind', '=', 'mac')
          .where('revision', '>', seen),
      )
      .limit(MOST_ACCOUNTS + 1)
      .execute()
    return [
      ...users.map(({ name }) => ({ name, what: 'user' }) as const),
      ...macs.map(({ name }) => ({ name, what: 'MAC address' }) as const),
    ]
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
      .where('kind', '<>', 'mac')
      .where('revision', '>', seen)
      .limit(1)
      .execute()
    return gone.length > 0
  }
}
