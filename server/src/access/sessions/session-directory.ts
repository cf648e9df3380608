import { sql } from 'kysely'
import type { Database } from '../../store/database.ts'

export interface SilenceLimits {
  /** Interim intervals without an update before a session is lost. */
  readonly missedInterims: number
  /** The same for a session whose device never sent an update. */
  readonly silentHours: number
}

/** Rows touched in one transaction: short enough that accounting does not wait for it. */
const AT_ONCE = 1_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Other sessions of the same Acct-Session-Id. */
const OTHERS = sql<number>`(select 1 from sessions as other
  where other.acct_session_id = sessions.acct_session_id and other.client = sessions.client
    and other.nas = sessions.nas and other.id <> sessions.id)`

/** The upkeep of the session directory, in the store thread: what ends by silence, what is forgotten. */
export class SessionDirectory {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Ends live sessions that nobody has heard of for too long. Silence counts only while this server listened: after an
   * outage of ours everybody has as long as ever.
   */
  async loseSilent(
    limits: SilenceLimits,
    now: number,
    listeningSince: number,
  ): Promise<{ lost: number; more: boolean }> {
    const allowed = sql<number>`case when interim_seconds is null then ${limits.silentHours * HOUR}
      else interim_seconds * ${limits.missedInterims * 1000} end`
    const { numUpdatedRows } = await this.#database.kysely
      .updateTable('sessions')
      .set((column) => ({
        state: 'lost',
        terminate_cause: 'Interim-Update-Missing',
        stopped_at: column.ref('updated_at'),
        due_at: null,
      }))
      .where('id', 'in', (select) =>
        select
          .selectFrom('sessions')
          .select('id')
          .where('due_at', '<=', now)
          .where(sql<boolean>`heard_at + ${allowed} <= ${now}`)
          .where(sql<boolean>`${allowed} <= ${now - listeningSince}`)
          .orderBy('due_at')
          .limit(AT_ONCE),
      )
      .executeTakeFirstOrThrow()
    const lost = Number(numUpdatedRows)
    return { lost, more: lost === AT_ONCE }
  }

  /**
   * Ends a session whose device says nothing of it any more, by an administrator's word. One that reports it after all
   * brings it back. False where it is not live.
   */
  async close(id: string, now: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.kysely
      .updateTable('sessions')
      .set({ state: 'lost', terminate_cause: 'Closed-By-Administrator', stopped_at: now, due_at: null })
      .where('id', '=', id)
      .where('state', '=', 'live')
      .executeTakeFirstOrThrow()
    return Number(numUpdatedRows) === 1
  }

  /** Deletes ended sessions that are too old, a little at a time; call it again while there are more. */
  async retainSessions(
    limits: { readonly keepDays: number },
    now: number,
  ): Promise<{ deleted: number; more: boolean }> {
    const before = now - limits.keepDays * DAY
    const { kysely } = this.#database
    const ended = await kysely
      .selectFrom('sessions')
      .select('id')
      .where('stopped_at', '<', before)
      .where('state', '<>', 'live')
      // The first of an Acct-Session-Id says how many there were: it goes when the others are gone.
      .where((where) => where.or([where('incarnations', '=', 1), sql<boolean>`not exists ${OTHERS}`]))
      .orderBy('stopped_at')
      .limit(AT_ONCE)
      .execute()
    if (ended.length === 0) return { deleted: 0, more: false }
    const ids = ended.map(({ id }) => id)
    await kysely.deleteFrom('sessions').where('id', 'in', ids).execute()
    return { deleted: ids.length, more: ids.length === AT_ONCE }
  }

  /** Deletes accounting records that are too old, oldest first. */
  async retainRecords(
    limits: { readonly keepDays: number },
    now: number,
  ): Promise<{ deleted: number; more: boolean }> {
    const { kysely } = this.#database
    const oldest = await kysely
      .selectFrom('accounting_records')
      .select(['id', 'received_at'])
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()
    // Numbers grow with time: the first that is young enough ends it.
    const young = oldest.findIndex(({ received_at }) => received_at >= now - limits.keepDays * DAY)
    const last = oldest[young < 0 ? oldest.length - 1 : young - 1]
    if (last === undefined) return { deleted: 0, more: false }
    await kysely.deleteFrom('accounting_records').where('id', '<=', last.id).execute()
    return { deleted: young < 0 ? oldest.length : young, more: young < 0 && oldest.length === AT_ONCE }
  }
}
