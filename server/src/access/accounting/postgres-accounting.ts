import type { Pool, PoolClient } from 'pg'
import { columnTypes, isPostgresRowFault, postgresTransaction } from '../../store/postgres-batch.ts'
import type { SessionReport, SessionRow } from '../sessions/session-merge.ts'
import {
  type AccountingDatabase,
  type AccountingTables,
  type Decided,
  decidedOf,
  FORWARDED_COLUMNS,
  type ForwardedRow,
  PROGRESS_COLUMNS,
  RECORD_COLUMNS,
  type RecordRow,
  type Restart,
  reportOf,
  SESSION_COLUMNS,
} from './accounting-tables.ts'

/** The ledger on PostgreSQL: few statements a batch, and a lock on each session, because other nodes write too. */
export class PostgresAccounting implements AccountingDatabase {
  readonly #pool: Pool
  /** Types of the columns, by table. */
  readonly #types = new Map<string, ReadonlyMap<string, string>>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async transaction(
    sessionKeys: readonly string[],
    work: (tables: AccountingTables) => Promise<void>,
  ): Promise<void> {
    await postgresTransaction(this.#pool, async (client) => {
      // In one order on all nodes, so that nobody waits for somebody who waits.
      await client.query(
        `select pg_advisory_xact_lock(n) from
           (select distinct hashtextextended(k, 0) as n from unnest($1::text[]) as k order by 1) as keys`,
        [sessionKeys],
      )
      for (const table of ['sessions', 'accounting_records', 'forwarded_accounting']) {
        if (!this.#types.has(table)) this.#types.set(table, await columnTypes(client, table))
      }
      await work(new PostgresTables(client, this.#types))
    })
  }

  isRowFault(error: unknown): boolean {
    return isPostgresRowFault(error)
  }
}

class PostgresTables implements AccountingTables {
  readonly #client: PoolClient
  readonly #types: ReadonlyMap<string, ReadonlyMap<string, string>>

  constructor(client: PoolClient, types: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    this.#client = client
    this.#types = types
  }

  async knownEvents(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#rows<{ idempotency_key: string }>(
      'select idempotency_key from accounting_records where idempotency_key = any($1::text[])',
      [keys],
    )
    return new Set(rows.map((row) => row.idempotency_key))
  }

  async eventsAt(wanted: readonly { sessionId: string; at: number }[]) {
    return await this.#rows<{ key: string; at: number }>(
      `select idempotency_key as key, event_at as "at" from accounting_records
         join unnest($1::text[], $2::bigint[]) as wanted (wanted_id, wanted_at)
           on session_id = wanted_id and event_at = wanted_at`,
      [wanted.map(({ sessionId }) => sessionId), wanted.map(({ at }) => at)],
    )
  }

  async sessions(ids: readonly string[]): Promise<readonly SessionRow[]> {
    if (ids.length === 0) return []
    return await this.#rows<SessionRow>(
      `select ${SESSION_COLUMNS.join(', ')} from sessions where id = any($1::text[])`,
      [ids],
    )
  }

  async reports(sessionId: string, most: number): Promise<readonly SessionReport[]> {
    const rows = await this.#rows<Record<string, unknown>>(
      'select * from accounting_records where session_id = $1 order by event_at desc limit $2',
      [sessionId, most],
    )
    return rows.map(reportOf)
  }

  async latestRestarts(nasKeys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#rows<{ session_id: string; at: number }>(
      `select session_id, max(event_at) as at from accounting_records
        where session_id = any($1::text[]) group by session_id`,
      [nasKeys],
    )
    return new Map(rows.map(({ session_id, at }) => [session_id, Number(at)]))
  }

  async restartAfter(nasKey: string, at: number) {
    const [row] = await this.#rows<{ event_at: number; status_type: string }>(
      `select event_at, status_type from accounting_records
        where session_id = $1 and event_at >= $2 order by event_at limit 1`,
      [nasKey, at],
    )
    return row === undefined ? undefined : { at: row.event_at, statusType: row.status_type }
  }

  async decisions(ids: readonly string[]): Promise<ReadonlyMap<string, Decided>> {
    const rows = await this.#rows<{ id: string; user_name: string | null; body: string }>(
      'select id, user_name, body from receipts where id = any($1::text[])',
      [ids],
    )
    return new Map(rows.map((row) => [row.id, decidedOf(row)]))
  }

  async insertRecords(rows: readonly RecordRow[]): Promise<void> {
    if (rows.length === 0) return
    // Two nodes may be asked the same at once: the unique key decides.
    const names = RECORD_COLUMNS.join(', ')
    await this.#write(
      `insert into accounting_records (${names})
         select * from unnest(${this.#arrays('accounting_records', RECORD_COLUMNS)})
         on conflict (idempotency_key) do nothing`,
      rows,
      RECORD_COLUMNS,
    )
  }

  async insertForwarded(rows: readonly ForwardedRow[]): Promise<void> {
    if (rows.length === 0) return
    await this.#write(
      `insert into forwarded_accounting (${FORWARDED_COLUMNS.join(', ')})
         select * from unnest(${this.#arrays('forwarded_accounting', FORWARDED_COLUMNS)})`,
      rows,
      FORWARDED_COLUMNS,
    )
  }

  async insertSessions(rows: readonly SessionRow[]): Promise<void> {
    const names = SESSION_COLUMNS.join(', ')
    await this.#write(
      `insert into sessions (${names}) select * from unnest(${this.#arrays('sessions', SESSION_COLUMNS)})`,
      rows,
      SESSION_COLUMNS,
    )
  }

  async updateSessions(rows: readonly SessionRow[], kind: 'progress' | 'all'): Promise<void> {
    const columns = kind === 'progress' ? (['id', ...PROGRESS_COLUMNS] as const) : SESSION_COLUMNS
    const set = columns.filter((name) => name !== 'id').map((name) => `${name} = new.${name}`)
    await this.#write(
      `update sessions set ${set.join(', ')}
         from unnest(${this.#arrays('sessions', columns)}) as new (${columns.join(', ')})
        where sessions.id = new.id`,
      rows,
      columns,
    )
  }

  async endSessions({ client, nas, nasAddress, statusType, at }: Restart): Promise<void> {
    await this.#client.query(
      `update sessions set state = 'lost', stopped_at = $1, terminate_cause = $2, due_at = null
        where client = $3 and updated_at <= $1
          and (state = 'live' or (state = 'lost' and stopped_at > $1))
          and (nas = $4 or nas_address = $5)`,
      [at, statusType, client, nas, nasAddress],
    )
  }

  #arrays(table: string, columns: readonly string[]): string {
    const types = this.#types.get(table)
    return columns.map((column, index) => `$${index + 1}::${types?.get(column)}[]`).join(', ')
  }

  async #write<Row extends object>(
    text: string,
    rows: readonly Row[],
    columns: readonly (keyof Row)[],
  ): Promise<void> {
    await this.#client.query(
      text,
      columns.map((column) => rows.map((row) => row[column] ?? null)),
    )
  }

  async #rows<Row extends object>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const { rows } = await this.#client.query<Row>(text, [...values])
    return rows
  }
}
