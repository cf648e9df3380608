import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Transaction } from 'kysely'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { ProjectionMark, type ProjectionMarks } from './projection-mark.ts'
import type { Schema } from './schema.ts'
import { openSqliteWriter } from './sqlite.ts'

/** Rows copied in one go: a few milliseconds of the thread. */
const PAGE = 2_000

type Row = Readonly<Record<string, unknown>>
type ProjectedTable =
  | 'users'
  | 'groups'
  | 'group_members'
  | 'mac_addresses'
  | 'revoked_certificates'
  | 'tombstones'

const COLUMNS: Readonly<Record<ProjectedTable, readonly string[]>> = {
  users: [
    ...['id', 'name', 'name_key', 'source', 'password_storage', 'password_sealed', 'password_changed_at'],
    ...[
      'must_change_password',
      'password_never_expires',
      'disabled',
      'expires_at',
      'logon_hours',
      'attributes',
    ],
    ...['failures', 'last_failure_at', 'locked_until', 'revision', 'created_at', 'updated_at'],
  ],
  groups: ['id', 'name', 'name_key', 'revision'],
  group_members: ['group_id', 'member_user_id', 'member_group_id'],
  mac_addresses: [
    ...['mac', 'description', 'groups', 'owner', 'disabled', 'expires_at', 'attributes'],
    ...['revision', 'created_at', 'updated_at'],
  ],
  revoked_certificates: [
    ...['serial', 'issuer_key', 'status', 'revoked_at', 'reason', 'invalidity_date', 'held_for', 'not_after'],
    'revision',
  ],
  tombstones: ['kind', 'id', 'revision'],
}

interface Copied {
  readonly mark: string
  /** Under which name the database knew the file, where it went back in time. */
  readonly before: string | undefined
}

export interface UserProjectionParts {
  /** The main database, a reader will do. */
  readonly source: Database
  readonly file: string
  readonly marks: ProjectionMarks
  readonly clock: Pick<Clock, 'now'>
  /** Told after something was copied. */
  readonly changed?: () => void
  /** Told where the database went back in time. */
  readonly wentBack?: () => void
}

/**
 * A local SQLite copy of users, groups, memberships, MAC addresses and revoked certificates, so that RADIUS workers look
 * them up without the network, also where PostgreSQL is the main database. It holds nothing of its own: delete the file and it is made again. That the
 * database went back in time it notices by a mark (`ProjectionMark`).
 */
export class UserProjection {
  readonly #source: Database
  readonly #local: Database
  readonly #connection: DatabaseSync
  readonly #mark: ProjectionMark
  readonly #changed: () => void
  readonly #wentBack: () => void
  #running: Promise<void> | undefined
  #again = false

  private constructor(parts: UserProjectionParts, local: Database, connection: DatabaseSync) {
    this.#source = parts.source
    this.#changed = parts.changed ?? (() => {})
    this.#wentBack = parts.wentBack ?? (() => {})
    this.#local = local
    this.#connection = connection
    this.#mark = new ProjectionMark(connection, parts.marks, parts.clock)
  }

  /** Opens (or makes) the file and brings it up to date. */
  static async open(parts: UserProjectionParts): Promise<UserProjection> {
    const local = openSqliteWriter(parts.file)
    try {
      if (local.raw.engine !== 'sqlite') throw new TypeError('a projection is a SQLite file')
      await migrate(local)
      // Rows arrive by revision, not by reference; and losing the last moments costs another copy, nothing else.
      local.raw.connection.exec('pragma foreign_keys = off; pragma synchronous = normal')
      const projection = new UserProjection(parts, local, local.raw.connection)
      await projection.refresh()
      return projection
    } catch (error) {
      await local.close()
      throw error
    }
  }

  /** The revision workers see. */
  get revision(): number {
    return Number(this.#connection.prepare("select value from revisions where name = 'users'").get()?.value)
  }

  /** Copies what has changed. Calls that come while one runs share one more run after it. */
  refresh(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async close(): Promise<void> {
    await this.#running?.catch(() => {})
    await this.#local.close()
  }

  async #run(): Promise<void> {
    do {
      this.#again = false
      await this.#follow()
    } while (this.#again)
  }

  async #follow(): Promise<void> {
    let copied: Copied | undefined
    try {
      copied = await this.#source.kysely
        .transaction()
        // One picture of all tables.
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((transaction) => this.#copy(transaction))
      if (copied === undefined) return
      await this.#mark.write(copied.mark)
      this.#mark.keep(copied.mark)
      this.#connection.exec('commit')
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec('rollback')
      throw error
    }
    this.#changed()
    if (copied.before === undefined) return
    this.#wentBack()
    await this.#mark.forget(copied.before)
  }

  /** Leaves the local transaction open; undefined where there is nothing to copy. */
  async #copy(source: Transaction<Schema>): Promise<Copied | undefined> {
    const { value: target } = await source
      .selectFrom('revisions')
      .select('value')
      .where('name', '=', 'users')
      .executeTakeFirstOrThrow()
    const standing = await this.#mark.standing(source)
    // What is here of a database that went back in time may be from a future that never was: users, and passwords.
    const since = standing === 'held' ? this.revision : 0
    if (target === since && standing !== 'gone') return undefined
    const mark = this.#mark.propose()
    this.#connection.exec('begin immediate')
    if (since === 0) for (const table of Object.keys(COLUMNS)) this.#connection.exec(`delete from ${table}`)
    const before = standing === 'gone' ? this.#mark.renew() : undefined
    await this.#deleteGone(source, since)
    await this.#copyMembers(source, 'groups', 'member_group_id', since)
    await this.#copyMembers(source, 'users', 'member_user_id', since)
    await this.#copyRows(source, 'mac_addresses', 'mac', since)
    await this.#copyRows(source, 'revoked_certificates', 'serial', since)
    this.#connection.prepare("update revisions set value = ? where name = 'users'").run(target)
    return { mark, before }
  }

  async #deleteGone(source: Transaction<Schema>, since: number): Promise<void> {
    const gone = await source.selectFrom('tombstones').selectAll().where('revision', '>', since).execute()
    const prepare = (sql: string): StatementSync => this.#connection.prepare(sql)
    const remove = {
      user: [
        prepare('delete from users where id = ?'),
        prepare('delete from group_members where member_user_id = ?'),
      ],
      group: [
        prepare('delete from groups where id = ?'),
        prepare('delete from group_members where member_group_id = ?'),
        prepare('delete from group_members where group_id = ?'),
      ],
      mac: [prepare('delete from mac_addresses where mac = ?')],
    }
    for (const { kind, id } of gone) for (const statement of remove[kind]) statement.run(id)
    this.#insert('tombstones', gone)
  }

  /** Users or groups that changed, and the memberships that belong to them. */
  async #copyMembers(
    source: Transaction<Schema>,
    table: 'users' | 'groups',
    member: 'member_user_id' | 'member_group_id',
    since: number,
  ): Promise<void> {
    const removeRow = this.#connection.prepare(`delete from ${table} where id = ?`)
    const removeMemberships = this.#connection.prepare(`delete from group_members where ${member} = ?`)
    let after = ''
    for (;;) {
      const rows = await source
        .selectFrom(table)
        .selectAll()
        .where('revision', '>', since)
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .execute()
      const last = rows.at(-1)
      if (last === undefined) return
      const memberships = await source
        .selectFrom('group_members')
        .selectAll()
        .where(
          member,
          'in',
          rows.map((row) => row.id),
        )
        .execute()
      // First all away, then all in: two users may have swapped their names.
      for (const { id } of rows) {
        removeRow.run(id)
        removeMemberships.run(id)
      }
      this.#insert(table, rows)
      this.#insert('group_members', memberships)
      after = last.id
    }
  }

  /** Rows that stand for themselves. */
  async #copyRows<T extends 'mac_addresses' | 'revoked_certificates'>(
    source: Transaction<Schema>,
    table: T,
    key: T extends 'mac_addresses' ? 'mac' : 'serial',
    since: number,
  ): Promise<void> {
    let after = ''
    for (;;) {
      const rows: Row[] = await source
        // Both tables have a text as their key and a revision.
        .selectFrom(table as 'mac_addresses')
        .selectAll()
        .where('revision', '>', since)
        .where(key as 'mac', '>', after)
        .orderBy(key as 'mac')
        .limit(PAGE)
        .execute()
      const last = rows.at(-1)
      if (last === undefined) return
      this.#insert(table, rows)
      after = String(last[key])
    }
  }

  #insert(table: ProjectedTable, rows: readonly Row[]): void {
    const columns = COLUMNS[table]
    const statement = this.#connection.prepare(
      `insert or replace into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    )
    // Texts, numbers and nulls: the columns are the same on both sides.
    for (const row of rows) statement.run(...columns.map((column) => row[column] as SQLInputValue))
  }
}
