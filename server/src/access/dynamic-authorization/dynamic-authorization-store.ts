import type { Insertable, Kysely, Selectable } from 'kysely'
import type { Database } from '../../store/database.ts'
import type { DynamicAuthorizationTable, Schema } from '../../store/schema.ts'
import type { SessionRow } from '../session-store.ts'
import type { WantedSession } from './relay/wanted-session.ts'
import type { ReportedAttributes } from './session-names.ts'

export type DynamicAuthorizationRow = Selectable<DynamicAuthorizationTable>
export type NewDynamicAuthorization = Insertable<DynamicAuthorizationTable>
/** What its end adds. */
export type DynamicAuthorizationEnd = Pick<
  DynamicAuthorizationRow,
  'outcome' | 'error_cause' | 'reason' | 'attempts' | 'finished_at'
>

export interface DynamicAuthorizationFilter {
  readonly session?: string | undefined
  readonly client?: string | undefined
  readonly user?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

/** Trusted senders can fill the table too: beyond this the oldest go, however young. */
const MOST_ROWS = 1_000_000
const DELETED_AT_ONCE = 5000
/** Nothing waits longer for its turn and its answer. */
const LONGEST_MILLISECONDS = 3_600_000

/** What was asked of devices and how it ended. Writes run on the writer; reads may run on a reader connection. */
export class DynamicAuthorizationStore {
  readonly #db: Kysely<Schema>

  constructor(database: Database) {
    this.#db = database.kysely
  }

  /** Before the request is sent. Resolves to its number. */
  async begin(row: NewDynamicAuthorization): Promise<number> {
    const { id } = await this.#db
      .insertInto('dynamic_authorizations')
      .values(row)
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  async finish(id: number, end: DynamicAuthorizationEnd): Promise<void> {
    await this.#db.updateTable('dynamic_authorizations').set(end).where('id', '=', id).execute()
  }

  /** The latest first. */
  async list(
    filter: DynamicAuthorizationFilter,
  ): Promise<{ rows: readonly DynamicAuthorizationRow[]; next?: string }> {
    const { session, client, user, limit, cursor } = filter
    let query = this.#db.selectFrom('dynamic_authorizations').selectAll()
    if (session !== undefined) query = query.where('session_id', '=', session)
    if (client !== undefined) query = query.where('client', '=', client)
    if (user !== undefined) query = query.where('user_name', '=', user)
    if (/^\d{1,15}$/.test(cursor ?? '')) query = query.where('id', '<', Number(cursor))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const last = rows[limit - 1]
    if (rows.length <= limit || last === undefined) return { rows }
    return { rows: rows.slice(0, limit), next: String(last.id) }
  }

  /** Ids of sessions that have not ended and are all that is said of them. */
  async findSessions(wanted: WantedSession, most: number): Promise<readonly string[]> {
    const { user_name: user } = wanted
    if (user === undefined) return await this.#findSessions(wanted, most)
    // The account that was proved; else the name the device knows, which may be anonymous.
    const proved = await this.#findSessions(wanted, most, { user_key: user.normalize('NFC').toLowerCase() })
    return proved.length > 0 ? proved : await this.#findSessions(wanted, most, { user_name: user })
  }

  async #findSessions(
    { user_name: _user, called_station_id: called, ...same }: WantedSession,
    most: number,
    user: { readonly user_key?: string; readonly user_name?: string } = {},
  ): Promise<readonly string[]> {
    let query = this.#db.selectFrom('sessions').select('id').where('state', '=', 'live')
    for (const [column, value] of Object.entries({ ...same, ...user })) {
      // The keys of both are columns.
      query = query.where(column as keyof typeof same, '=', value)
    }
    if (called !== undefined) query = query.where('called_station_id', 'in', called)
    const rows = await query.orderBy('id').limit(most).execute()
    return rows.map(({ id }) => id)
  }

  /** Every attribute of the last Accounting-Request about a session that is still kept; empty where none is. */
  async lastReported(session: Pick<SessionRow, 'id'>): Promise<ReportedAttributes> {
    const row = await this.#db
      .selectFrom('accounting_records')
      .select('attributes')
      .where('session_id', '=', session.id)
      .orderBy('event_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    // Accounting writes it in this form.
    return row === undefined ? {} : (JSON.parse(row.attributes) as ReportedAttributes)
  }

  /** Deletes a bounded number of rows that are too old or too many; `more`: call again. */
  async retain(limits: { readonly keepDays: number }, now: number): Promise<{ readonly more: boolean }> {
    await this.#endInterrupted(now)
    const tooOld = now - limits.keepDays * 86_400_000
    const newest = await this.#db
      .selectFrom('dynamic_authorizations')
      .select((row) => row.fn.max('id').as('id'))
      .executeTakeFirst()
    const doomed = await this.#db
      .selectFrom('dynamic_authorizations')
      .select('id')
      .where((row) => row.or([row('at', '<', tooOld), row('id', '<=', Number(newest?.id ?? 0) - MOST_ROWS)]))
      .limit(DELETED_AT_ONCE)
      .execute()
    if (doomed.length === 0) return { more: false }
    await this.#db
      .deleteFrom('dynamic_authorizations')
      .where(
        'id',
        'in',
        doomed.map(({ id }) => id),
      )
      .execute()
    return { more: doomed.length === DELETED_AT_ONCE }
  }

  /** A process that ended in between says nothing more of what it sent: it may or may not have happened. */
  async #endInterrupted(now: number): Promise<void> {
    await this.#db
      .updateTable('dynamic_authorizations')
      .set({ outcome: 'no-answer', finished_at: now })
      .where('outcome', '=', 'sending')
      .where('at', '<', now - LONGEST_MILLISECONDS)
      .execute()
  }
}
