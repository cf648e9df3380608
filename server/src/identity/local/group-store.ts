import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { RequestError } from '../../kernel/errors.ts'
import type { Database } from '../../store/database.ts'
import { nextUserRevision, recordDeletion } from '../../store/revision.ts'
import type { Schema } from '../../store/schema.ts'
import { nameKey } from '../user-name.ts'
import { checkNesting, nestingByName, type Queries, setNestedGroups } from './memberships.ts'
import { groupNameProblem, refuse } from './user-rules.ts'
import { likeLiteral, type Page } from './user-store.ts'

export interface GroupRecord {
  readonly id: string
  readonly name: string
  /** Nested groups, direct. */
  readonly members: readonly string[]
  /** Users that are direct members. */
  readonly userCount: number
  readonly revision: number
}

export interface GroupPage {
  readonly groups: readonly GroupRecord[]
  readonly next?: string
  readonly total: number
}

/**
 * The rows of groups and their nesting; which users are members is the users' matter (UserStore). Throws RequestError
 * 'group-not-found', 'group-exists', 'group-refused', 'group-ring', 'group-too-deep'.
 */
export class GroupStore {
  readonly #database: Database
  readonly #changed: () => void

  constructor(database: Database, changed: () => void = () => {}) {
    this.#database = database
    this.#changed = changed
  }

  async get(name: string): Promise<GroupRecord | undefined> {
    const { kysely } = this.#database
    const row = await groupRows(kysely).where('groups.name_key', '=', nameKey(name)).executeTakeFirst()
    return row && groupRecord(row, await nestingByName(kysely))
  }

  /** In order of name. */
  async list(page: Page): Promise<GroupPage> {
    const { kysely } = this.#database
    const limit = Math.min(Math.max(Math.trunc(page.limit), 1), 1000)
    const pattern = `%${likeLiteral(nameKey(page.search ?? ''))}%`
    const matches = sql<boolean>`groups.name_key like ${pattern} escape '\\'`
    const { total } = await kysely
      .selectFrom('groups')
      .select((column) => column.fn.countAll<number>().as('total'))
      .where(matches)
      .executeTakeFirstOrThrow()
    const rows = await groupRows(kysely)
      .where(matches)
      .where('groups.name_key', '>', page.after ?? '')
      .orderBy('groups.name_key')
      .limit(limit + 1)
      .execute()
    const nesting = await nestingByName(kysely)
    const shown = rows.slice(0, limit)
    const groups = shown.map((row) => groupRecord(row, nesting))
    const last = shown.at(-1)
    return rows.length > limit && last !== undefined
      ? { groups, next: last.name_key, total }
      : { groups, total }
  }

  async create(name: string, members: readonly string[] = []): Promise<void> {
    refuse('group-refused', `The group name '${name}'`, groupNameProblem(name))
    await this.#write(async (transaction, revision) => {
      await refuseTaken(transaction, name, undefined)
      const id = randomUUID()
      await transaction
        .insertInto('groups')
        .values({ id, name: name.normalize('NFC'), name_key: nameKey(name), revision })
        .execute()
      await setNestedGroups(transaction, id, members, revision)
      await checkNesting(transaction)
    })
  }

  async rename(name: string, newName: string): Promise<void> {
    refuse('group-refused', `The group name '${newName}'`, groupNameProblem(newName))
    await this.#write(async (transaction, revision) => {
      const id = await idOf(transaction, name)
      await refuseTaken(transaction, newName, id)
      await transaction
        .updateTable('groups')
        .set({ name: newName.normalize('NFC'), name_key: nameKey(newName), revision })
        .where('id', '=', id)
        .execute()
    })
  }

  /** Replaces the nested groups. */
  async setMembers(name: string, members: readonly string[]): Promise<void> {
    await this.#write(async (transaction, revision) => {
      const id = await idOf(transaction, name)
      await setNestedGroups(transaction, id, members, revision)
      await checkNesting(transaction)
      await transaction.updateTable('groups').set({ revision }).where('id', '=', id).execute()
    })
  }

  /** Memberships in it, and its own, go with it. */
  async delete(name: string): Promise<void> {
    await this.#write(async (transaction, revision) => {
      const id = await idOf(transaction, name)
      await transaction.deleteFrom('groups').where('id', '=', id).execute()
      await recordDeletion(transaction, 'group', id, revision)
    })
  }

  async #write(work: (transaction: Transaction<Schema>, revision: number) => Promise<void>): Promise<void> {
    const database = this.#database
    await database.kysely.transaction().execute(async (transaction) => {
      const revision = await nextUserRevision(database, transaction)
      await work(transaction, revision)
    })
    this.#changed()
  }
}

function groupRows(queries: Queries) {
  return queries
    .selectFrom('groups')
    .selectAll('groups')
    .select((column) =>
      column
        .selectFrom('group_members')
        .select((member) => member.fn.countAll<number>().as('count'))
        .whereRef('group_members.group_id', '=', 'groups.id')
        .where('group_members.member_user_id', 'is not', null)
        .as('user_count'),
    )
}

function groupRecord(
  row: {
    readonly id: string
    readonly name: string
    readonly user_count: number | null
    readonly revision: number
  },
  nesting: ReadonlyMap<string, readonly string[]>,
): GroupRecord {
  const { id, name, user_count, revision } = row
  return { id, name, members: nesting.get(name) ?? [], userCount: user_count ?? 0, revision }
}

async function idOf(queries: Queries, name: string): Promise<string> {
  const row = await queries
    .selectFrom('groups')
    .select('id')
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst()
  if (row !== undefined) return row.id
  throw new RequestError('group-not-found', `There is no group '${name}'.`, { group: name })
}

async function refuseTaken(queries: Queries, name: string, id: string | undefined): Promise<void> {
  const other = await queries
    .selectFrom('groups')
    .select('id')
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst()
  if (other !== undefined && other.id !== id) {
    throw new RequestError('group-exists', `There is a group '${name}' already.`, { group: name })
  }
}
