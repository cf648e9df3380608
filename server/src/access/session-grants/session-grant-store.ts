import type { Fact, GrantPage, GrantPageQuery } from '../../grants/grant-kind.ts'
import { type Receipt, receiptOf, searchKey, stationKey } from '../../journal/index.ts'
import type { Database } from '../../store/database.ts'
import type { SessionGrant } from './session-grant.ts'

/** A device's clock may be wrong, and its session older than it says. */
const DAY = 86_400_000

/** Reads live sessions with the receipts they rest on. */
export class SessionGrantStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(fact: Fact, page: GrantPageQuery): Promise<GrantPage<SessionGrant>> {
    switch (fact.fact) {
      case 'user':
        return this.#ofUser(fact.key, page)
      case 'group':
        return this.#filtered(page, ({ facts }) => facts.user?.groups?.includes(fact.key) ?? true)
      case 'certificate':
        return this.#filtered(page, ({ facts }) => facts.certificate?.serial === fact.key)
      case 'device':
        // No login knows its device yet.
        return Promise.resolve({ grants: [] })
      case 'all':
        return this.#all(page)
    }
  }

  async find(id: string): Promise<SessionGrant | undefined> {
    const row = await this.#sessions()
      .where('sessions.id', '=', id)
      .where('sessions.state', '=', 'live')
      .executeTakeFirst()
    return row === undefined ? undefined : grantOf(row)
  }

  /**
   * The last accept of the same user from the same station through the same client since a receipt: a device that
   * authenticated again within its session. One that another session rests on does not count.
   */
  async acceptSince(session: SessionGrant, receipt: Receipt): Promise<Receipt | undefined> {
    const { callingStationId: station } = session
    if (station === undefined || receipt.user === undefined) return undefined
    const row = await this.#database.kysely
      .selectFrom('receipts')
      .select('body')
      .where('calling_station_id', '=', stationKey(station))
      .where('user_name', '=', searchKey(receipt.user))
      .where('client', '=', session.lane)
      .where('outcome', '=', 'accept')
      .where('at', '>', receipt.at)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('sessions as other')
              .select('other.id')
              .whereRef('other.decision_id', '=', 'receipts.id')
              .where('other.id', '<>', session.id),
          ),
        ),
      )
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row === undefined ? undefined : receiptOf(row.body)
  }

  /** By the name that was proved, also where accounting tells another; and by the one accounting tells. */
  async #ofUser(name: string, { limit, after = '' }: GrantPageQuery): Promise<GrantPage<SessionGrant>> {
    // The state is asked for inside alone: outside, SQLite would go through all live sessions.
    const rows = await this.#sessions()
      .where('sessions.id', 'in', (select) =>
        select
          .selectFrom('receipts as proved')
          .innerJoin('sessions as named', 'named.decision_id', 'proved.id')
          .select('named.id')
          .where('proved.user_name', '=', searchKey(name))
          .where('proved.outcome', '=', 'accept')
          .where('proved.at', '>=', (oldest) =>
            oldest
              .selectFrom('sessions as live')
              .select((column) => column(column.fn.min('live.started_at'), '-', column.lit(DAY)).as('at'))
              .where('live.state', '=', 'live'),
          )
          .where('named.state', '=', 'live')
          .union(
            select
              .selectFrom('sessions as told')
              .select('told.id')
              .where('told.user_key', '=', searchKey(name))
              .where('told.state', '=', 'live'),
          ),
      )
      .where('sessions.id', '>', after)
      .orderBy('sessions.id')
      .limit(limit)
      .execute()
    const last = rows.at(-1)
    const grants = rows.map(grantOf)
    return rows.length === limit && last !== undefined ? { grants, next: last.id } : { grants }
  }

  /**
   * In order of their start, which the index of live sessions has. Up to the latest start there was at the first page:
   * where sessions begin faster than they are looked at, a look would have no end.
   */
  async #all({ limit, after }: GrantPageQuery): Promise<GrantPage<SessionGrant>> {
    const [, latest, start, id] = /^(-?\d+)\.(-?\d+)\.(.+)$/.exec(after ?? '') ?? []
    const until = latest === undefined ? await this.#latestStart() : Number(latest)
    if (until === undefined) return { grants: [] }
    let query = this.#sessions()
      .where('sessions.state', '=', 'live')
      .where('sessions.started_at', '<=', until)
    if (start !== undefined && id !== undefined) {
      // As one row value: by index to the very place where the page before ended.
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('sessions.started_at', 'sessions.id'), '>', tuple(Number(start), id)),
      )
    }
    const rows = await query.orderBy('sessions.started_at').orderBy('sessions.id').limit(limit).execute()
    const last = rows.at(-1)
    const grants = rows.map(grantOf)
    return rows.length === limit && last !== undefined
      ? { grants, next: `${until}.${last.started_at}.${last.id}` }
      : { grants }
  }

  /** Of the live sessions, by the clocks of their devices; undefined where there are none. */
  async #latestStart(): Promise<number | undefined> {
    const row = await this.#database.kysely
      .selectFrom('sessions')
      .select('started_at')
      .where('state', '=', 'live')
      .orderBy('started_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row?.started_at
  }

  /** Such facts change seldom: no index is kept for them. What nothing is known of may rest on any. */
  async #filtered(
    page: GrantPageQuery,
    rests: (receipt: Receipt) => boolean,
  ): Promise<GrantPage<SessionGrant>> {
    const { grants, ...next } = await this.#all(page)
    return {
      grants: grants.filter(({ receipt }) => receipt === undefined || rests(receipt)),
      ...next,
    }
  }

  #sessions() {
    return this.#database.kysely
      .selectFrom('sessions')
      .leftJoin('receipts', 'receipts.id', 'sessions.decision_id')
      .select([
        'sessions.id',
        'sessions.client',
        'sessions.user_name',
        'sessions.calling_station_id',
        'sessions.started_at',
        'sessions.decision_id',
        'receipts.body',
      ])
  }
}

interface Row {
  readonly id: string
  readonly client: string
  readonly user_name: string | null
  readonly calling_station_id: string | null
  readonly started_at: number
  readonly decision_id: string | null
  readonly body: string | null
}

function grantOf(row: Row): SessionGrant {
  const receipt = row.body === null ? undefined : receiptOf(row.body)
  return {
    id: row.id,
    subject: receipt?.user ?? row.user_name ?? undefined,
    lane: row.client,
    decisionId: row.decision_id ?? undefined,
    userName: row.user_name ?? undefined,
    callingStationId: row.calling_station_id ?? undefined,
    startedAt: row.started_at,
    receipt,
  }
}
