import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { PASSWORD_STORAGES, type PasswordStorage } from '../../config/password-storage.ts'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Database } from '../../store/database.ts'
import { nextUserRevision, recordDeletion } from '../../store/revision.ts'
import type { Schema, UserTable } from '../../store/schema.ts'
import { nameKey } from '../user-name.ts'
import type { PasswordRows } from './change-password.ts'
import type { LockoutState, LockoutStore, LockoutWrite } from './lockout.ts'
import { directGroups, type Queries, setGroupsOfUser } from './memberships.ts'
import type { StoredPassword } from './stored-user.ts'
import { attributesText, storedUser } from './user-row.ts'
import { logonHoursProblem, refuse, userNameProblem } from './user-rules.ts'

/** A user as an administrator sees it: no password, all counters. Times are milliseconds since the epoch. */
export interface UserRecord {
  readonly id: string
  readonly name: string
  readonly source: string
  /** null: no password is set. */
  readonly passwordStorage: PasswordStorage | null
  readonly passwordChangedAt: number | null
  readonly mustChangePassword: boolean
  readonly passwordNeverExpires: boolean
  readonly disabled: boolean
  readonly expiresAt: number | null
  /** null: always; empty: never. */
  readonly logonHours: readonly string[] | null
  readonly attributes: Readonly<Record<string, string>>
  /** Direct memberships. */
  readonly groups: readonly string[]
  readonly failures: number
  readonly lastFailureAt: number | null
  readonly lockedUntil: number | null
  readonly revision: number
  readonly createdAt: number
  readonly updatedAt: number
}

/** What an administrator may set, all of it optional. */
export interface UserFields {
  readonly name?: string
  readonly mustChangePassword?: boolean
  readonly passwordNeverExpires?: boolean
  readonly disabled?: boolean
  readonly expiresAt?: number | null
  readonly logonHours?: readonly string[] | null
  readonly attributes?: Readonly<Record<string, string>>
  readonly groups?: readonly string[]
}

export interface NewUser extends UserFields {
  /** Made by the caller, because the password is sealed for this id. */
  readonly id: string
  readonly name: string
  readonly source: string
  readonly password?: StoredPassword
}

export interface Page {
  /** Part of a name. */
  readonly search?: string
  /** 1 to 1000. */
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string
}

export interface UserPage {
  readonly users: readonly UserRecord[]
  readonly next?: string
  /** Of all that match the search. */
  readonly total: number
}

/** For `NewUser.id`. */
export function newUserId(): string {
  return randomUUID()
}

/**
 * The rows of local users. Names are unique without regard to case. Every write gives the row a new revision and is
 * told to `changed` once it is durable. Throws RequestError 'user-not-found', 'user-exists', 'user-refused',
 * 'group-not-found', 'version-conflict'.
 */
export class UserStore implements LockoutStore, PasswordRows {
  readonly #database: Database
  readonly #clock: Clock
  readonly #changed: () => void

  constructor(database: Database, clock: Clock, changed: () => void = () => {}) {
    this.#database = database
    this.#clock = clock
    this.#changed = changed
  }

  async get(name: string): Promise<UserRecord | undefined> {
    return this.#one(this.#database.kysely, 'name_key', nameKey(name))
  }

  async byId(id: string): Promise<UserRecord | undefined> {
    return this.#one(this.#database.kysely, 'id', id)
  }

  /** In order of name. */
  async list(page: Page): Promise<UserPage> {
    const { kysely } = this.#database
    const limit = Math.min(Math.max(Math.trunc(page.limit), 1), 1000)
    let query = kysely.selectFrom('users')
    if (page.search !== undefined && page.search !== '') {
      const pattern = `%${likeLiteral(nameKey(page.search))}%`
      query = query.where(sql<boolean>`name_key like ${pattern} escape '\\'`)
    }
    const { total } = await query
      .select((column) => column.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    const after = page.after === undefined ? query : query.where('name_key', '>', page.after)
    const rows = await after
      .selectAll()
      .orderBy('name_key')
      .limit(limit + 1)
      .execute()
    const shown = rows.slice(0, limit)
    const groups = await directGroups(
      kysely,
      shown.map((row) => row.id),
    )
    const users = shown.map((row) => userRecord(row, groups.get(row.id)))
    const last = shown.at(-1)
    return rows.length > limit && last !== undefined
      ? { users, next: last.name_key, total }
      : { users, total }
  }

  /** Forms in which any password is kept. */
  async storages(): Promise<ReadonlySet<PasswordStorage>> {
    const rows = await this.#database.kysely
      .selectFrom('users')
      .select('password_storage')
      .distinct()
      .execute()
    return new Set(PASSWORD_STORAGES.filter((known) => rows.some((row) => row.password_storage === known)))
  }

  async create(user: NewUser): Promise<UserRecord> {
    checkFields(user)
    return this.#write(async (transaction, revision) => {
      const { password } = user
      const now = this.#clock.now()
      await refuseTaken(transaction, user.name, user.id)
      const row: UserTable = {
        id: user.id,
        name: user.name.normalize('NFC'),
        name_key: nameKey(user.name),
        source: user.source,
        password_storage: password?.storage ?? null,
        password_sealed: password?.sealed ?? null,
        password_changed_at: password?.changedAt ?? null,
        must_change_password: 0,
        password_never_expires: 0,
        disabled: 0,
        expires_at: null,
        logon_hours: null,
        attributes: '{}',
        failures: 0,
        last_failure_at: null,
        locked_until: null,
        created_at: now,
        ...columnsOf(user),
        revision,
        updated_at: now,
      }
      await transaction.insertInto('users').values(row).execute()
      await setGroupsOfUser(transaction, user.id, user.groups ?? [])
      return this.#existing(transaction, user.id)
    })
  }

  /** `expected`: the revision the caller saw; another one is a 'version-conflict'. */
  async update(id: string, fields: UserFields, expected?: number): Promise<UserRecord> {
    checkFields(fields)
    return this.#write(async (transaction, revision) => {
      await this.#expect(transaction, id, expected)
      if (fields.name !== undefined) await refuseTaken(transaction, fields.name, id)
      await transaction
        .updateTable('users')
        .set({ ...columnsOf(fields), revision, updated_at: this.#clock.now() })
        .where('id', '=', id)
        .execute()
      if (fields.groups !== undefined) await setGroupsOfUser(transaction, id, fields.groups)
      return this.#existing(transaction, id)
    })
  }

  async delete(id: string, expected?: number): Promise<void> {
    await this.#write(async (transaction, revision) => {
      await this.#expect(transaction, id, expected)
      await transaction.deleteFrom('users').where('id', '=', id).execute()
      await recordDeletion(transaction, 'user', id, revision)
    })
  }

  /** null takes the password away: only certificates are left. Leaves failures and a lock as they are. */
  async setPassword(id: string, password: StoredPassword | null, mustChange: boolean): Promise<void> {
    await this.#write(async (transaction, revision) => {
      await this.#expect(transaction, id, undefined)
      await transaction
        .updateTable('users')
        .set({ ...passwordColumns(password), must_change_password: mustChange ? 1 : 0 })
        .set({ revision, updated_at: this.#clock.now() })
        .where('id', '=', id)
        .execute()
    })
  }

  async replacePassword(userId: string, expectedSealed: string, password: StoredPassword): Promise<boolean> {
    return this.#write(async (transaction, revision) => {
      const { numUpdatedRows } = await transaction
        .updateTable('users')
        .set({ ...passwordColumns(password), must_change_password: 0 })
        .set({ revision, updated_at: this.#clock.now() })
        .where('id', '=', userId)
        .where('password_sealed', '=', expectedSealed)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    })
  }

  async readLockout(userId: string): Promise<LockoutState | undefined> {
    const row = await this.#database.kysely
      .selectFrom('users')
      .select(['failures', 'last_failure_at', 'locked_until'])
      .where('id', '=', userId)
      .executeTakeFirst()
    if (row === undefined) return undefined
    return { failures: row.failures, lastFailureAt: row.last_failure_at, lockedUntil: row.locked_until }
  }

  async writeLockouts(writes: readonly LockoutWrite[]): Promise<void> {
    await this.#write(async (transaction, revision) => {
      for (const { userId, failures, lastFailureAt, lockedUntil } of writes) {
        await transaction
          .updateTable('users')
          .set({ failures, last_failure_at: lastFailureAt, locked_until: lockedUntil, revision })
          .where('id', '=', userId)
          .execute()
      }
    })
  }

  async #write<T>(work: (transaction: Transaction<Schema>, revision: number) => Promise<T>): Promise<T> {
    const database = this.#database
    const result = await database.kysely.transaction().execute(async (transaction) => {
      // First, because on PostgreSQL it is the lock that puts writers in a row.
      const revision = await nextUserRevision(database, transaction)
      return work(transaction, revision)
    })
    this.#changed()
    return result
  }

  async #expect(queries: Queries, id: string, expected: number | undefined): Promise<void> {
    const row = await queries.selectFrom('users').select('revision').where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw notFound(id)
    if (expected !== undefined && row.revision !== expected) {
      throw new RequestError('version-conflict', 'The user was changed by somebody else meanwhile.', {
        expected,
        revision: row.revision,
      })
    }
  }

  async #existing(queries: Queries, id: string): Promise<UserRecord> {
    const user = await this.#one(queries, 'id', id)
    if (user === undefined) throw notFound(id)
    return user
  }

  async #one(queries: Queries, column: 'id' | 'name_key', value: string): Promise<UserRecord | undefined> {
    const row = await queries.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst()
    if (row === undefined) return undefined
    return userRecord(row, (await directGroups(queries, [row.id])).get(row.id))
  }
}

function checkFields({ name, logonHours }: UserFields): void {
  if (name !== undefined) refuse('user-refused', `The user name '${name}'`, userNameProblem(name))
  if (logonHours != null) refuse('user-refused', 'The user', logonHoursProblem(logonHours))
}

async function refuseTaken(queries: Queries, name: string, id: string): Promise<void> {
  const other = await queries
    .selectFrom('users')
    .select('id')
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst()
  if (other !== undefined && other.id !== id) {
    throw new RequestError('user-exists', `There is a user '${name}' already.`, { user: name })
  }
}

function columnsOf(fields: UserFields): Partial<UserTable> {
  const columns: Partial<UserTable> = {}
  if (fields.name !== undefined) {
    columns.name = fields.name.normalize('NFC')
    columns.name_key = nameKey(fields.name)
  }
  if (fields.mustChangePassword !== undefined)
    columns.must_change_password = fields.mustChangePassword ? 1 : 0
  if (fields.passwordNeverExpires !== undefined) {
    columns.password_never_expires = fields.passwordNeverExpires ? 1 : 0
  }
  if (fields.disabled !== undefined) columns.disabled = fields.disabled ? 1 : 0
  if (fields.expiresAt !== undefined) columns.expires_at = fields.expiresAt
  if (fields.logonHours !== undefined) {
    columns.logon_hours = fields.logonHours === null ? null : JSON.stringify(fields.logonHours)
  }
  if (fields.attributes !== undefined) columns.attributes = attributesText(fields.attributes)
  return columns
}

function passwordColumns(password: StoredPassword | null): Partial<UserTable> {
  return {
    password_storage: password?.storage ?? null,
    password_sealed: password?.sealed ?? null,
    password_changed_at: password?.changedAt ?? null,
  }
}

function userRecord(row: Readonly<UserTable>, groups: readonly string[] = []): UserRecord {
  const user = storedUser(row, groups)
  return {
    id: row.id,
    name: row.name,
    source: row.source,
    passwordStorage: user.password?.storage ?? null,
    passwordChangedAt: row.password_changed_at,
    mustChangePassword: user.mustChangePassword,
    passwordNeverExpires: user.passwordNeverExpires,
    disabled: user.disabled,
    expiresAt: row.expires_at,
    logonHours: user.logonHours ?? null,
    attributes: user.attributes,
    groups,
    failures: row.failures,
    lastFailureAt: row.last_failure_at,
    lockedUntil: row.locked_until,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function notFound(id: string): RequestError {
  return new RequestError('user-not-found', 'There is no such user.', { id })
}

/** Takes the wildcards of LIKE by the letter. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}
