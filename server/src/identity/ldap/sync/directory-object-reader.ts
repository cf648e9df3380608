import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Reason } from '../../../reasons/index.ts'
import type { Database } from '../../../store/database.ts'
import type { DirectoryGroupTable, DirectorySyncTable, DirectoryUserTable } from '../../../store/schema.ts'
import type { SyncCounts } from './directory-object.ts'
import { searchText } from './object-row.ts'

export interface ObjectQuery {
  readonly source: string
  /** Beginning of a name, a surname, or (users) of an e-mail address. */
  readonly search?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string | undefined
}

export interface ObjectPage<Row> {
  /** In order of name. */
  readonly items: readonly Row[]
  readonly next?: string
}

export type StoredUser = Selectable<DirectoryUserTable>
export type StoredGroup = Selectable<DirectoryGroupTable>

/** How far a source has been read. */
export interface SyncState extends Omit<Selectable<DirectorySyncTable>, 'last' | 'failure'> {
  readonly last: SyncCounts | undefined
  readonly failure: Reason | undefined
}

/** A search that finds more in one way is too wide to be looked through: the first of them are shown. */
const MOST_FOUND = 1_000
const LAST_CHARACTER = '\u{10ffff}'
/** What a login name is as a member of a posixGroup (memberUid, RFC 2307 section 2). */
const LOGIN = 'uid:'

/** Reads the users and groups of directories: what pickers, the portal and the mail door ask, and the sync itself. */
export class DirectoryObjectReader {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async users({ source, search, limit, after }: ObjectQuery): Promise<ObjectPage<StoredUser>> {
    const all = this.#database.kysely
      .selectFrom('directory_users')
      .selectAll()
      .where('directory_users.source', '=', source)
    if (search === undefined || search === '') return await page(all, 'directory_users', limit, after)
    const [from, to] = beginning(search)
    const { kysely } = this.#database
    const by = (column: 'name_key' | 'display_key' | 'surname_key') =>
      kysely
        .selectFrom('directory_users')
        .select('id')
        .where('source', '=', source)
        .where(column, '>=', from)
        .where(column, '<', to)
        .orderBy(column)
        .limit(MOST_FOUND)
    const byAddress = kysely
      .selectFrom('directory_addresses')
      .select('user_id as id')
      .where('source', '=', source)
      .where('address_key', '>=', from)
      .where('address_key', '<', to)
      .orderBy('address_key')
      .limit(MOST_FOUND)
    // A branch of a union may not have a limit of its own unless it is wrapped.
    const found = kysely
      .selectFrom(by('name_key').as('one'))
      .select('id')
      .union(kysely.selectFrom(by('display_key').as('one')).select('id'))
      .union(kysely.selectFrom(by('surname_key').as('one')).select('id'))
      .union(kysely.selectFrom(byAddress.as('one')).select('id'))
    // Few are found, as a rule: from them to the users, and not through all users in order of name.
    const users = this.#database.kysely
      .selectFrom(found.as('found'))
      .crossJoin('directory_users')
      .selectAll('directory_users')
      .where('directory_users.source', '=', source)
      .whereRef('directory_users.id', '=', 'found.id')
    return await page(users, 'directory_users', limit, after)
  }

  async groups({ source, search, limit, after }: ObjectQuery): Promise<ObjectPage<StoredGroup>> {
    let all = this.#database.kysely
      .selectFrom('directory_groups')
      .selectAll()
      .where('directory_groups.source', '=', source)
    if (search !== undefined && search !== '') {
      const [from, to] = beginning(search)
      all = all.where('name_key', '>=', from).where('name_key', '<', to)
    }
    return await page(all, 'directory_groups', limit, after)
  }

  /** Whoever has this e-mail address or user principal name, in whichever directory. */
  async usersByAddress(address: string): Promise<readonly StoredUser[]> {
    return await this.#database.kysely
      .selectFrom('directory_users')
      .innerJoin('directory_addresses', (join) =>
        join
          .onRef('directory_addresses.source', '=', 'directory_users.source')
          .onRef('directory_addresses.user_id', '=', 'directory_users.id'),
      )
      .selectAll('directory_users')
      .where('address_key', '=', searchText(address))
      .orderBy('directory_users.source')
      .limit(50)
      .execute()
  }

  /** Names of all groups a user belongs to, nested ones too. */
  async groupsOf({ source, dn_key, name_key, primary_group_sid }: StoredUser): Promise<readonly string[]> {
    const { rows } = await sql<{ name: string }>`
      with recursive belongs(id) as (
        select group_id from directory_memberships
         where source = ${source} and member_key in (${dn_key}, ${LOGIN + name_key})
        union all
        select id from directory_groups where source = ${source} and sid = ${primary_group_sid}
        union
        select above.group_id
          from belongs
          join directory_groups as inner_group
            on inner_group.source = ${source} and inner_group.id = belongs.id
          join directory_memberships as above
            on above.source = ${source} and above.member_key = inner_group.dn_key)
      select name from belongs
        cross join directory_groups as found
       where found.source = ${source} and found.id = belongs.id order by name_key`.execute(
      this.#database.kysely,
    )
    return rows.map(({ name }) => name)
  }

  async states(): Promise<readonly SyncState[]> {
    const rows = await this.#database.kysely
      .selectFrom('directory_sync')
      .selectAll()
      .orderBy('source')
      .execute()
    return rows.map(({ last, failure, ...row }) => ({
      ...row,
      last: last === null ? undefined : (JSON.parse(last) as SyncCounts), // written by DirectoryObjectStore.end
      failure: failure === null ? undefined : (JSON.parse(failure) as Reason), // as above
    }))
  }

  async state(source: string): Promise<SyncState | undefined> {
    return (await this.states()).find((state) => state.source === source)
  }

  async counts(source: string): Promise<{ readonly users: number; readonly groups: number }> {
    const count = async (table: 'directory_users' | 'directory_groups'): Promise<number> => {
      const { total } = await this.#database.kysely
        .selectFrom(table)
        .select((column) => column.fn.countAll<number>().as('total'))
        .where('source', '=', source)
        .executeTakeFirstOrThrow()
      return Number(total)
    }
    return { users: await count('directory_users'), groups: await count('directory_groups') }
  }
}

/** The range of keys that begin so. */
function beginning(search: string): readonly [from: string, to: string] {
  const from = searchText(search)
  return [from, from + LAST_CHARACTER]
}

async function page<Db, Tables extends keyof Db, Row extends { name_key: string; id: string }>(
  query: SelectQueryBuilder<Db, Tables, Row>,
  table: 'directory_users' | 'directory_groups',
  limit: number,
  after: string | undefined,
): Promise<ObjectPage<Row>> {
  const key = sql.ref<string>(`${table}.name_key`)
  const id = sql.ref<string>(`${table}.id`)
  // A name may stand in two places of a directory: the id tells which of them the page ended with.
  const [, name = '', last = ''] = /^([\s\S]*)\n([\s\S]*)$/.exec(after ?? '') ?? []
  const rest = after === undefined ? query : query.where(sql<boolean>`(${key}, ${id}) > (${name}, ${last})`)
  const rows = await rest
    .orderBy(key)
    .orderBy(id)
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit)
  const end = items.at(-1)
  return rows.length > limit && end !== undefined ? { items, next: `${end.name_key}\n${end.id}` } : { items }
}
