import { type Selectable, sql } from 'kysely'
import type { Database } from '../store/database.ts'
import type { SessionTable } from '../store/schema.ts'

/** `proved_user`: the name the login proved, where its receipt is still kept; User-Name of accounting may be anonymous. */
export type SessionRow = Selectable<SessionTable> & { readonly proved_user: string | null }

export interface SessionFilter {
  readonly state?: SessionRow['state'] | undefined
  readonly user?: string | undefined
  readonly client?: string | undefined
  /** Part of a user name, address or station, in any case. */
  readonly search?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export interface SessionPage {
  readonly rows: readonly SessionRow[]
  readonly next?: string
}

/** Reads the session directory; accounting writes it (`accounting/accounting-writes.ts`). */
export class SessionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The latest change first. */
  async list(filter: SessionFilter): Promise<SessionPage> {
    const { state, user, client, search, limit } = filter
    let query = this.#database.kysely
      .selectFrom('sessions')
      .leftJoin('receipts', 'receipts.id', 'sessions.decision_id')
      .selectAll('sessions')
      .select('receipts.user_name as proved_user')
    if (state !== undefined) query = query.where('sessions.state', '=', state)
    if (user !== undefined) {
      // A receipt keeps the name in lower case, to be looked up without case.
      query = query.where((where) =>
        where.or([
          where('sessions.user_name', '=', user),
          where('receipts.user_name', '=', user.normalize('NFC').toLowerCase()),
        ]),
      )
    }
    if (client !== undefined) query = query.where('sessions.client', '=', client)
    if (search !== undefined && search !== '') {
      const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
      query = query.where((where) => where.or(SEARCHED.map((column) => contains(column, pattern))))
    }
    const after = parseCursor(filter.cursor)
    if (after !== undefined) {
      query = query.where((where) =>
        where.or([
          where('sessions.updated_at', '<', after.updatedAt),
          where.and([
            where('sessions.updated_at', '=', after.updatedAt),
            where('sessions.id', '<', after.id),
          ]),
        ]),
      )
    }
    const rows = await query
      .orderBy('sessions.updated_at', 'desc')
      .orderBy('sessions.id', 'desc')
      .limit(limit + 1)
      .execute()
    const last = rows[limit - 1]
    if (rows.length <= limit || last === undefined) return { rows }
    return { rows: rows.slice(0, limit), next: `${last.updated_at}.${last.id}` }
  }

  async find(id: string): Promise<SessionRow | undefined> {
    return await this.#database.kysely
      .selectFrom('sessions')
      .leftJoin('receipts', 'receipts.id', 'sessions.decision_id')
      .selectAll('sessions')
      .select('receipts.user_name as proved_user')
      .where('sessions.id', '=', id)
      .executeTakeFirst()
  }

  async liveCount(): Promise<number> {
    const { count } = await this.#database.kysely
      .selectFrom('sessions')
      .where('state', '=', 'live')
      .select((select) => select.fn.countAll<number | string>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }
}

const SEARCHED = [
  'sessions.user_name',
  'receipts.user_name',
  'sessions.framed_ip_address',
  'sessions.calling_station_id',
  'sessions.acct_session_id',
] as const

/** SQLite has no escape character unless one is named. */
function contains(column: (typeof SEARCHED)[number], pattern: string) {
  return sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`
}

function parseCursor(cursor: string | undefined): { updatedAt: number; id: string } | undefined {
  const [, updatedAt, id] = /^(-?\d+)\.([0-9a-f]+)$/.exec(cursor ?? '') ?? []
  return updatedAt === undefined || id === undefined ? undefined : { updatedAt: Number(updatedAt), id }
}
