import { type Selectable, sql } from 'kysely'
import type { Database } from '../store/database.ts'
import type { SessionTable } from '../store/schema.ts'
import { addressSearch } from './sessions/address-key.ts'
import { nameKey, stationKeyOf } from './sessions/session-keys.ts'

/** `proved_user`: the name the login proved, where its receipt is still kept; User-Name of accounting may be anonymous. */
export type SessionRow = Selectable<SessionTable> & { readonly proved_user: string | null }

export interface SessionFilter {
  /** Absent: live and ended ones. */
  readonly state?: SessionRow['state'] | undefined
  /** The name that was proved, else User-Name; in any case. */
  readonly user?: string | undefined
  readonly client?: string | undefined
  /** Calling-Station-Id; a MAC address in any format. */
  readonly station?: string | undefined
  /** IPv4 or IPv6: sessions that have it, or whose prefix it lies in. A prefix: sessions inside it, too. */
  readonly address?: string | undefined
  readonly acctSessionId?: string | undefined
  /** Milliseconds since the epoch: begun then or later. */
  readonly since?: number | undefined
  /** Part of a user name, address or station, in any case. The one search that no index helps. */
  readonly search?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export interface SessionPage {
  readonly rows: readonly SessionRow[]
  readonly next?: string
}

/** Reads the session directory; accounting writes it (`accounting/accounting-ledger.ts`). */
export class SessionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The newest first. */
  async list(filter: SessionFilter): Promise<SessionPage> {
    const { limit } = filter
    const states = filter.state === undefined ? STATES : [filter.state]
    const pages = await Promise.all(states.map((state) => this.query(filter, state).execute()))
    const rows = pages.flat().sort((a, b) => b.started_at - a.started_at || (a.id < b.id ? 1 : -1))
    const last = rows[limit - 1]
    if (rows.length <= limit || last === undefined) return { rows }
    return { rows: rows.slice(0, limit), next: `${last.started_at}.${last.id}` }
  }

  /** The page of one state: by index whatever is looked for, `search` alone excepted (session-search.test.ts). */
  query(filter: SessionFilter, state: SessionRow['state']) {
    const { user, client, station, address, acctSessionId, since, search, limit } = filter
    let query = this.#database.kysely
      .selectFrom('sessions')
      .leftJoin('receipts', 'receipts.id', 'sessions.decision_id')
      .selectAll('sessions')
      .select('receipts.user_name as proved_user')
    const isNarrow = [user, station, address, acctSessionId].some((value) => value !== undefined)
    // Few sessions are one person's or one device's. Without statistics a planner may rather walk all live ones in the
    // order asked for: an expression in place of the column keeps it from that index.
    const stateColumn = isNarrow ? sql<string>`(sessions.state || '')` : sql.ref<string>('sessions.state')
    const order = isNarrow ? sql<number>`(sessions.started_at + 0)` : sql.ref<number>('sessions.started_at')
    query = query.where(stateColumn, '=', state)
    if (user !== undefined) query = query.where('sessions.user_key', '=', nameKey(user))
    if (station !== undefined) query = query.where('sessions.station_key', '=', stationKeyOf(station))
    if (acctSessionId !== undefined) query = query.where('sessions.acct_session_id', '=', acctSessionId)
    if (client !== undefined) {
      const column = isNarrow ? sql<string>`(sessions.client || '')` : sql.ref<string>('sessions.client')
      query = query.where(column, '=', client)
    }
    if (address !== undefined) query = query.where('sessions.id', 'in', idsAt(address))
    if (since !== undefined) query = query.where(order, '>=', since)
    if (search !== undefined && search !== '') {
      const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
      query = query.where((where) => where.or(SEARCHED.map((column) => contains(column, pattern))))
    }
    const after = parseCursor(filter.cursor)
    if (after !== undefined) {
      query = query
        .where(order, '<=', after.startedAt)
        .where((where) => where.or([where(order, '<', after.startedAt), where('sessions.id', '<', after.id)]))
    }
    return query
      .orderBy(order, 'desc')
      .orderBy('sessions.id', 'desc')
      .limit(limit + 1)
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

const STATES = ['live', 'stopped', 'lost'] as const

/** Ids of the sessions at an address; none where it is no address. */
function idsAt(address: string) {
  const wanted = addressSearch(address)
  if (wanted === undefined) return sql<string>`(select id from sessions where 1 = 0)`
  const { family, within, from, to } = wanted
  const columns = family === 4 ? ['ipv4_key'] : ['ipv6_key', 'delegated_key']
  const selects = columns.flatMap((name) => {
    const column = sql.ref(name)
    return [
      sql`select id from sessions where ${column} in (${sql.join(within)})`,
      sql`select id from sessions where ${column} between ${from} and ${to}`,
    ]
  })
  return sql<string>`(${sql.join(selects, sql` union `)})`
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

function parseCursor(cursor: string | undefined): { startedAt: number; id: string } | undefined {
  const [, startedAt, id] = /^(-?\d+)\.([0-9a-f-]+)$/.exec(cursor ?? '') ?? []
  return startedAt === undefined || id === undefined ? undefined : { startedAt: Number(startedAt), id }
}
