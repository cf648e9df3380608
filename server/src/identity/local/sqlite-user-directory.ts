import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { UserTable } from '../../store/schema.ts'
import { NESTING_LIMIT } from './group-nesting.ts'
import type { StoredUser, UserDirectory } from './stored-user.ts'
import { storedUser } from './user-row.ts'

/** Users whose parsed row is kept. */
const USERS_IN_MEMORY = 50_000

/** A user as read, and the revisions it was read at: of its own row and memberships, and of all groups. */
interface Remembered {
  readonly revision: unknown
  readonly groups: unknown
  readonly deletions: unknown
  readonly user: StoredUser
  /** The count of changes at which it was last found to be current. */
  changes: number
}

/**
 * Users of one source in a local SQLite file, read-only (connectSqliteReader): the main database itself, or the
 * projection of one. While nothing at all changes, a lookup reads memory alone. After a change it reads revisions, and the
 * row and its groups only where one of them is new: each write gives the user (or the member whose membership changes) or
 * the group a new revision, each deletion a tombstone.
 */
export class SqliteUserDirectory implements UserDirectory {
  readonly #source: string
  readonly #revisions: StatementSync
  readonly #row: StatementSync
  readonly #memberships: StatementSync
  readonly #keyOf: StatementSync
  readonly #users = new Map<string, Remembered>()
  readonly #changes: () => number

  /** @param changes counts changes of any user or group; without it every lookup asks the file */
  constructor(connection: DatabaseSync, source: string, changes: () => number = () => Number.NaN) {
    this.#source = source
    this.#changes = changes
    this.#revisions = connection.prepare(
      `select revision, (select max(revision) from groups), (select max(revision) from tombstones)
       from users where name_key = ? and source = ?`,
    )
    this.#revisions.setReturnArrays(true)
    this.#row = connection.prepare('select * from users where name_key = ? and source = ?')
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
    this.#keyOf = connection.prepare('select name_key from users where id = ? and source = ?')
    this.#keyOf.setReturnArrays(true)
  }

  find(nameKey: string): StoredUser | undefined {
    const changes = this.#changes()
    const unchanged = this.#users.get(nameKey)
    if (unchanged !== undefined && unchanged.changes === changes) return unchanged.user
    return this.#find(nameKey, changes)
  }

  findById(id: string): StoredUser | undefined {
    const [key] = (this.#keyOf.get(id, this.#source) ?? []) as unknown as readonly unknown[]
    const user = typeof key === 'string' ? this.find(key) : undefined
    // Between the two questions the name may have gone over to another account.
    return user?.id === id ? user : undefined
  }

  /** Something about some user or group has changed: one query tells whether it was this one. */
  #find(nameKey: string, changes: number): StoredUser | undefined {
    // The statement returns an array of its three columns.
    const found = this.#revisions.get(nameKey, this.#source) as unknown as readonly unknown[] | undefined
    if (found === undefined) {
      this.#users.delete(nameKey)
      return undefined
    }
    const [revision, groups, deletions] = found
    const known = this.#users.get(nameKey)
    const isCurrent =
      known?.revision === revision && known?.groups === groups && known?.deletions === deletions
    if (known !== undefined && isCurrent) {
      known.changes = changes
      return known.user
    }
    const user = this.#read(nameKey)
    // What is read now may be newer than the revisions above: then the next lookup reads it once more.
    if (user !== undefined) this.#remember(nameKey, { revision, groups, deletions, user, changes })
    return user
  }

  #read(nameKey: string): StoredUser | undefined {
    const row = this.#row.get(nameKey, this.#source)
    if (row === undefined) return undefined
    // The columns are those of the table, for the statement selects them all; names of groups are its one column.
    const user = row as unknown as UserTable
    const groups = this.#memberships.all(user.id) as unknown as readonly (readonly [string])[]
    return storedUser(user, groups.map(([name]) => name).sort())
  }

  #remember(nameKey: string, remembered: Remembered): void {
    if (this.#users.size >= USERS_IN_MEMORY) {
      for (const oldest of this.#users.keys()) {
        this.#users.delete(oldest)
        break
      }
    }
    this.#users.set(nameKey, remembered)
  }
}
