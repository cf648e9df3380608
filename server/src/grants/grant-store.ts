import { type Insertable, sql, type Transaction } from 'kysely'
import { storable } from '../kernel/storable.ts'
import type { Reason } from '../reasons/index.ts'
import type { Database } from '../store/database.ts'
import { type FactChange, recordFactChange } from '../store/fact-change.ts'
import type { GrantActionTable, Schema } from '../store/schema.ts'
import {
  type GrantActionRecord,
  type GrantActionState,
  type NewGrantAction,
  recordOf,
  subjectKey,
} from './grant-action-row.ts'

export interface Claim {
  readonly lane: string
  /** `waiting`: to be sent; `acknowledged`: to be looked at. */
  readonly state: 'waiting' | 'acknowledged'
  readonly limit: number
  readonly now: number
  /** Nobody else takes the claimed entries before; a node that dies loses them then. */
  readonly until: number
  /** Entries of later versions are left to a node that serves them. */
  readonly configVersion: number
}

/** What is due in one lane. */
export interface DueLane {
  readonly lane: string
  readonly toSend: boolean
  readonly toLookAt: boolean
}

/** What became of an entry after a try. */
export interface GrantActionUpdate {
  readonly id: number
  readonly state: GrantActionState
  readonly action: GrantActionRecord['action']
  readonly reason: Reason
  readonly changes: readonly string[]
  readonly attempts: number
  readonly nextAt: number
  readonly acknowledgedAt: number | null
  readonly result: Reason | null
  readonly at: number
}

export interface GrantActionFilter {
  readonly state?: 'open' | GrantActionState | undefined
  readonly user?: string | undefined
  readonly client?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export interface GrantActionPage {
  /** Newest first. */
  readonly items: readonly GrantActionRecord[]
  readonly next?: string
}

export interface GrantActionRetention {
  readonly before: number
  readonly most: number
}

const MOST_DELETED = 1_000

/** The outbox of grants. Lives in the store thread; main reads by a reader and writes through kernel/rpc.ts. */
export class GrantStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Asks for a fact to be looked at as if it had changed. */
  async note(change: FactChange): Promise<void> {
    await recordFactChange(this.#database.kysely, storableChange(change))
  }

  /** Of many at once. */
  async noteAll(changes: readonly FactChange[]): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      for (const change of changes) await recordFactChange(transaction, storableChange(change))
    })
  }

  /** Entries of one kind. One durable transaction. A grant that has an open action keeps that one. Resolves to how many were new. */
  async enqueue(actions: readonly NewGrantAction[]): Promise<number> {
    if (actions.length === 0) return 0
    return this.#database.kysely.transaction().execute(async (transaction) => {
      const failed = await recentlyFailed(transaction, actions)
      const rows = actions.filter(({ grant }) => !failed.has(grant.id)).map(rowOf)
      if (rows.length === 0) return 0
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('grant_actions')
        .values(rows)
        .onConflict((conflict) => conflict.column('open_key').doNothing())
        .executeTakeFirstOrThrow()
      return Number(numInsertedOrUpdatedRows ?? 0)
    })
  }

  /** Takes due entries of one lane for this node alone, the longest waiting first. */
  async claim({
    lane,
    state,
    limit,
    now,
    until,
    configVersion,
  }: Claim): Promise<readonly GrantActionRecord[]> {
    const { kysely, capabilities } = this.#database
    return kysely.transaction().execute(async (transaction) => {
      const due = transaction
        .selectFrom('grant_actions')
        .selectAll()
        .where('open_key', 'is not', null)
        .where('lane', '=', lane)
        .where('state', '=', state)
        .where('next_at', '<=', now)
        .where('claimed_until', '<=', now)
        .where('config_version', '<=', configVersion)
        .orderBy('next_at')
        .orderBy('id')
        .limit(limit)
      const rows = await (capabilities.shared ? due.forUpdate().skipLocked() : due).execute()
      if (rows.length > 0) {
        await transaction
          .updateTable('grant_actions')
          .set({ claimed_until: until })
          .where(
            'id',
            'in',
            rows.map((row) => row.id),
          )
          .execute()
      }
      return rows.map(recordOf)
    })
  }

  /** What was claimed when the process died. Only where no other node writes to the database. */
  async releaseClaims(): Promise<void> {
    if (this.#database.capabilities.shared) return
    await this.#database.kysely
      .updateTable('grant_actions')
      .set({ claimed_until: 0 })
      .where('claimed_until', '>', 0)
      .execute()
  }

  /** Writes what a try came to, and lets go of the entry. */
  async update(update: GrantActionUpdate): Promise<void> {
    const isOpen = update.state === 'waiting' || update.state === 'acknowledged'
    await this.#database.kysely
      .updateTable('grant_actions')
      .set({
        state: update.state,
        action: update.action,
        reason: JSON.stringify(update.reason),
        changes: JSON.stringify(update.changes),
        attempts: update.attempts,
        next_at: update.nextAt,
        acknowledged_at: update.acknowledgedAt,
        result: update.result === null ? null : JSON.stringify(update.result),
        updated_at: update.at,
        claimed_until: 0,
        ...(isOpen ? {} : { open_key: null }),
      })
      .where('id', '=', update.id)
      .execute()
  }

  /**
   * The notes were turned into entries: users and groups up to a revision, and these facts. `instead` takes their place
   * where they mean that everything has to be looked at.
   */
  async settle(
    userRevision: number | undefined,
    done: readonly number[],
    instead?: FactChange,
  ): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      if (instead !== undefined) await recordFactChange(transaction, instead)
      if (userRevision !== undefined) {
        await transaction
          .updateTable('revisions')
          .set({ value: userRevision })
          .where('name', '=', 'grants')
          .execute()
      }
      if (done.length > 0) await transaction.deleteFrom('fact_changes').where('id', 'in', done).execute()
    })
  }

  /** Deletes closed entries that are too old or too many, the oldest first; at most a thousand a call. */
  async retain({ before, most }: GrantActionRetention): Promise<number> {
    const { kysely } = this.#database
    const { newest } = await kysely
      .selectFrom('grant_actions')
      .select((column) => column.fn.max('id').as('newest'))
      .executeTakeFirstOrThrow()
    const { numDeletedRows } = await kysely
      .deleteFrom('grant_actions')
      .where('id', 'in', (select) =>
        select
          .selectFrom('grant_actions')
          .select('id')
          .where('open_key', 'is', null)
          .where((where) =>
            where.or([where('updated_at', '<', before), where('id', '<=', (newest ?? 0) - most)]),
          )
          .orderBy('id')
          .limit(MOST_DELETED),
      )
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }

  /**
   * Lanes with something to do now. From one lane to the next by the index: where a hundred thousand entries wait, counting
   * them would take longer than sending some.
   */
  async dueLanes(now: number, configVersion: number): Promise<readonly DueLane[]> {
    const isDue = (state: 'waiting' | 'acknowledged') => sql<number | boolean>`exists (
      select 1 from grant_actions
       where open_key is not null and lane = lanes.lane and state = ${state}
         and next_at <= ${now} and claimed_until <= ${now} and config_version <= ${configVersion})`
    const { rows } = await sql<{ lane: string; to_send: number | boolean; to_look_at: number | boolean }>`
      with recursive lanes(lane) as (
        select min(lane) from grant_actions where open_key is not null
        union all
        select (select min(next.lane) from grant_actions as next
                 where next.open_key is not null and next.lane > lanes.lane)
          from lanes where lanes.lane is not null)
      select lane, ${isDue('waiting')} as to_send, ${isDue('acknowledged')} as to_look_at
        from lanes where lane is not null`.execute(this.#database.kysely)
    return rows
      .map((row) => ({ lane: row.lane, toSend: Boolean(row.to_send), toLookAt: Boolean(row.to_look_at) }))
      .filter(({ toSend, toLookAt }) => toSend || toLookAt)
  }

  async counts(failedSince: number): Promise<{ open: number; failed: number }> {
    const row = await this.#database.kysely
      .selectFrom('grant_actions')
      .select([
        sql<number | string | null>`sum(case when open_key is not null then 1 else 0 end)`.as('open'),
        sql<number | string | null>`sum(case when state = 'failed' then 1 else 0 end)`.as('failed'),
      ])
      .where((where) =>
        where.or([
          where('state', 'in', ['waiting', 'acknowledged']),
          where.and([where('state', '=', 'failed'), where('updated_at', '>', failedSince)]),
        ]),
      )
      .executeTakeFirstOrThrow()
    return { open: Number(row.open ?? 0), failed: Number(row.failed ?? 0) }
  }

  async list({ state, user, client, limit, cursor }: GrantActionFilter): Promise<GrantActionPage> {
    let query = this.#database.kysely.selectFrom('grant_actions').selectAll()
    if (state === 'open') query = query.where('open_key', 'is not', null)
    else if (state !== undefined) query = query.where('state', '=', state)
    if (user !== undefined) query = query.where('subject_key', '=', subjectKey(user))
    if (client !== undefined) query = query.where('lane', '=', client)
    if (/^\d{1,15}$/.test(cursor ?? '')) query = query.where('id', '<', Number(cursor))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const items = rows.slice(0, limit).map(recordOf)
    const last = items.at(-1)
    return rows.length > limit && last !== undefined ? { items, next: String(last.id) } : { items }
  }
}

function storableChange(change: FactChange): FactChange {
  return {
    ...change,
    key: change.key == null ? null : storable(change.key),
    cause: storable(change.cause),
  }
}

/** Grants an action failed on so lately that a sweep leaves them alone. */
async function recentlyFailed(
  transaction: Transaction<Schema>,
  actions: readonly NewGrantAction[],
): Promise<ReadonlySet<string>> {
  const since = Math.min(...actions.map(({ unlessFailedSince }) => unlessFailedSince ?? Infinity))
  if (since === Infinity) return new Set()
  const rows = await transaction
    .selectFrom('grant_actions')
    .select(['grant_id', 'kind'])
    .where(
      'grant_id',
      'in',
      actions.map(({ grant }) => grant.id),
    )
    .where('open_key', 'is', null)
    .where('state', '=', 'failed')
    .where('updated_at', '>', since)
    .execute()
  const kinds = new Set(actions.map(({ kind }) => kind))
  return new Set(rows.filter(({ kind }) => kinds.has(kind)).map(({ grant_id }) => grant_id))
}

function rowOf(action: NewGrantAction): Insertable<GrantActionTable> {
  const { kind, grant, at } = action
  const { subject } = grant
  return {
    kind,
    grant_id: grant.id,
    open_key: action.state === 'waiting' ? `${kind}:${grant.id}` : null,
    subject: subject === undefined ? null : storable(subject),
    subject_key: subject === undefined ? null : subjectKey(subject),
    lane: grant.lane,
    decision_id: grant.decisionId ?? null,
    action: action.action,
    state: action.state,
    reason: JSON.stringify(action.reason),
    changes: JSON.stringify(action.changes),
    cause: action.cause,
    asked_by: action.askedBy,
    config_version: action.configVersion,
    attempts: 0,
    next_at: at,
    acknowledged_at: null,
    claimed_until: 0,
    result: null,
    created_at: at,
    updated_at: at,
  }
}
