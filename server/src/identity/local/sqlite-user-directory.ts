import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { UserTable } from '../../store/schema.ts'
import { NESTING_LIMIT } from './group-nesting.ts'
import type { StoredUser, UserDirectory } from './stored-user.ts'
import { storedUser } from './user-row.ts'

/** Users whose parsed row is kept. */
const USERS_IN_MEMORY = 50_000

interface Remembered {
  readonly revision: number
  readonly user: StoredUser
}

interface RememberedGroups {
  readonly revision: number
  readonly structure: string
  readonly groups: readonly string[]
}

/**
 * Users of one source in a local SQLite file, read-only (connectSqliteReader): the main database itself, or the
 * projection of one. A lookup reads the revision of the row, and the row only where it is new. Groups are kept until the
 * user's row or the structure of the groups changes; membership changes give the member a new revision.
 */
export class SqliteUserDirectory implements UserDirectory {
  readonly #source: string
  readonly #revision: StatementSync
  readonly #row: StatementSync
  readonly #structure: StatementSync
  readonly #memberships: StatementSync
  readonly #users = new Map<string, Remembered>()
  readonly #groups = new Map<string, RememberedGroups>()

  constructor(connection: DatabaseSync, source: string) {
    this.#source = source
    this.#revision = connection.prepare('select revision from users where name_key = ? and source = ?')
    this.#revision.setReturnArrays(true)
    this.#row = connection.prepare('select * from users where name_key = ? and source = ?')
    this.#structure = connection.prepare(
      `select (select max(revision) from groups), (select max(revision) from tombstones),
              (select revision from users where id = ?)`,
    )
    this.#structure.setReturnArrays(true)
    this.#memberships = connection.prepare(
      `with recursive reached(id, depth) as (
         select group_id, 1 from group_members where member_user_id = ?
         union
         select m.group_id, r.depth + 1 from reached r join group_members m on m.member_group_id = r.id
         where r.depth < ${NESTING_LIMIT}
       )
       select distinct g.name from reached r join groups g on g.id = r.id`,
    )
    this.#memberships.setReturnArrays(true)
  }

  find(nameKey: string): StoredUser | undefined {
    const [revision] = this.#values(this.#revision, nameKey, this.#source)
    if (typeof revision !== 'number') {
      this.#users.delete(nameKey)
      return undefined
    }
    const known = this.#users.get(nameKey)
    if (known !== undefined && known.revision === revision) return known.user
    const row = this.#row.get(nameKey, this.#source)
    if (row === undefined) return undefined
    // The columns are those of the table: the statement selects them all.
    const user = storedUser(row as unknown as UserTable)
    bounded(this.#users).set(nameKey, { revision: Number(row.revision), user })
    return user
  }

  groupsOf(userId: string): readonly string[] {
    const [groupRevision, deletion, revision] = this.#values(this.#structure, userId)
    if (typeof revision !== 'number') return []
    const structure = `${groupRevision}/${deletion}`
    const known = this.#groups.get(userId)
    if (known !== undefined && known.revision === revision && known.structure === structure) {
      return known.groups
    }
    // Arrays of one column, the name: see setReturnArrays above.
    const rows = this.#memberships.all(userId) as unknown as readonly (readonly [string])[]
    const groups = rows.map(([name]) => name).sort()
    bounded(this.#groups).set(userId, { revision, structure, groups })
    return groups
  }

  /** The first row as an array, empty where there is none (the statements return arrays). */
  #values(statement: StatementSync, ...parameters: readonly string[]): readonly unknown[] {
    return (statement.get(...parameters) as unknown as readonly unknown[] | undefined) ?? []
  }
}

/** Makes room in a table of remembered rows: the oldest goes. */
function bounded<V>(table: Map<string, V>): Map<string, V> {
  if (table.size >= USERS_IN_MEMORY) {
    for (const oldest of table.keys()) {
      table.delete(oldest)
      break
    }
  }
  return table
}
