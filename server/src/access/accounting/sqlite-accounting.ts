import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Database } from '../../store/database.ts'
import type { RowWriter } from '../../store/row-writer.ts'
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

/** Keys looked up by one call: most reports come with as many (accounting-ledger.ts, `candidates`). */
const KEYS_AT_ONCE = 5
/** NAS whose latest restart is remembered; a question to the database away for the others. */
const REMEMBERED_NAS = 10_000

/** The ledger on SQLite: prepared statements on the one connection, which reads what it has just written. */
export class SqliteAccounting implements AccountingDatabase {
  readonly #database: Database
  readonly #tables: SqliteTables
  readonly #writer: Pick<RowWriter, 'isRowFault'>

  constructor(database: Database, connection: DatabaseSync, writer: Pick<RowWriter, 'isRowFault'>) {
    this.#database = database
    this.#tables = new SqliteTables(connection)
    this.#writer = writer
  }

  async transaction(_: readonly string[], work: (tables: AccountingTables) => Promise<void>): Promise<void> {
    try {
      // Kysely's transaction, because it waits for the transactions of others on the one connection.
      await this.#database.kysely.transaction().execute(() => work(this.#tables))
    } catch (error) {
      this.#tables.forget()
      throw error
    }
  }

  isRowFault(error: unknown): boolean {
    return this.#writer.isRowFault(error)
  }
}

class SqliteTables implements AccountingTables {
  readonly #knownEvents: StatementSync
  readonly #eventsAt: StatementSync
  readonly #session: StatementSync
  readonly #reports: StatementSync
  readonly #latestRestart: StatementSync
  readonly #restartAfter: StatementSync
  readonly #receipt: StatementSync
  readonly #insertRecord: StatementSync
  readonly #insertForwarded: StatementSync
  readonly #insertSession: StatementSync
  readonly #update: Readonly<Record<'progress' | 'all', StatementSync>>
  readonly #endSessions: StatementSync
  readonly #restarts = new Map<string, number>()

  constructor(connection: DatabaseSync) {
    const prepare = (sql: string): StatementSync => connection.prepare(sql)
    this.#knownEvents = prepare(
      `select idempotency_key from accounting_records where idempotency_key in (${places(KEYS_AT_ONCE)})`,
    )
    this.#eventsAt = prepare(
      'select idempotency_key from accounting_records where session_id = ? and event_at = ?',
    )
    this.#session = prepare(`select ${SESSION_COLUMNS.join(', ')} from sessions where id = ?`)
    this.#reports = prepare(
      'select * from accounting_records where session_id = ? order by event_at desc limit ?',
    )
    this.#latestRestart = prepare('select max(event_at) as at from accounting_records where session_id = ?')
    this.#restartAfter = prepare(
      'select event_at, status_type from accounting_records where session_id = ? and event_at >= ? order by event_at limit 1',
    )
    this.#receipt = prepare('select user_name, body from receipts where id = ?')
    this.#insertRecord = prepare(insertOf('accounting_records', RECORD_COLUMNS))
    this.#insertForwarded = prepare(insertOf('forwarded_accounting', FORWARDED_COLUMNS))
    this.#insertSession = prepare(insertOf('sessions', SESSION_COLUMNS))
    const update = (columns: readonly string[]): StatementSync =>
      prepare(`update sessions set ${columns.map((name) => `${name} = ?`).join(', ')} where id = ?`)
    this.#update = { progress: update(PROGRESS_COLUMNS), all: update(SESSION_COLUMNS) }
    this.#endSessions = prepare(END_SESSIONS)
  }

  /** What a transaction that failed has left in memory. */
  forget(): void {
    this.#restarts.clear()
  }

  async knownEvents(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>()
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      const chunk: (string | null)[] = keys.slice(at, at + KEYS_AT_ONCE)
      while (chunk.length < KEYS_AT_ONCE) chunk.push(null)
      for (const row of this.#knownEvents.all(...chunk)) known.add(String(row.idempotency_key))
    }
    return known
  }

  async eventsAt(wanted: readonly { sessionId: string; at: number }[]) {
    return wanted.flatMap(({ sessionId, at }) =>
      this.#eventsAt.all(sessionId, at).map((row) => ({ key: String(row.idempotency_key), at })),
    )
  }

  async sessions(ids: readonly string[]): Promise<readonly SessionRow[]> {
    const rows: SessionRow[] = []
    for (const id of ids) {
      const row = this.#session.get(id)
      if (row !== undefined) rows.push(row as unknown as SessionRow) // its columns, selected by name
    }
    return rows
  }

  async reports(sessionId: string, most: number): Promise<readonly SessionReport[]> {
    return this.#reports.all(sessionId, most).map(reportOf)
  }

  async latestRestarts(nasKeys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (this.#restarts.size > REMEMBERED_NAS) this.#restarts.clear()
    for (const key of nasKeys) {
      if (!this.#restarts.has(key)) {
        this.#restarts.set(key, Number(this.#latestRestart.get(key)?.at ?? -Infinity))
      }
    }
    return this.#restarts
  }

  async restartAfter(nasKey: string, at: number) {
    const row = this.#restartAfter.get(nasKey, at)
    return row === undefined ? undefined : { at: Number(row.event_at), statusType: String(row.status_type) }
  }

  async decisions(ids: readonly string[]): Promise<ReadonlyMap<string, Decided>> {
    const known = new Map<string, Decided>()
    for (const id of ids) {
      const row = this.#receipt.get(id) as { user_name: string | null; body: string } | undefined
      if (row !== undefined) known.set(id, decidedOf(row))
    }
    return known
  }

  async insertRecords(rows: readonly RecordRow[]): Promise<void> {
    for (const row of rows) this.#insertRecord.run(...valuesOf(row, RECORD_COLUMNS))
  }

  async insertForwarded(rows: readonly ForwardedRow[]): Promise<void> {
    for (const row of rows) this.#insertForwarded.run(...valuesOf(row, FORWARDED_COLUMNS))
  }

  async insertSessions(rows: readonly SessionRow[]): Promise<void> {
    for (const row of rows) this.#insertSession.run(...valuesOf(row, SESSION_COLUMNS))
  }

  async updateSessions(rows: readonly SessionRow[], kind: 'progress' | 'all'): Promise<void> {
    const columns = kind === 'progress' ? PROGRESS_COLUMNS : SESSION_COLUMNS
    for (const row of rows) this.#update[kind].run(...valuesOf(row, columns), row.id)
  }

  async endSessions({ client, nas, nasAddress, statusType, at }: Restart): Promise<void> {
    this.#endSessions.run(at, statusType, client, at, at, nas, nasAddress)
    this.#restarts.clear()
  }
}

/**
 * Accounting-On and -Off: the NAS has no sessions left from before (RFC 2866 section 5.1). Those that an event of later
 * ended are taken too: it was told first, and happened afterwards.
 */
const END_SESSIONS = `update sessions set state = 'lost', stopped_at = ?, terminate_cause = ?, due_at = null
  where client = ? and updated_at <= ?
    and (state = 'live' or (state = 'lost' and stopped_at > ?))
    and (nas = ? or nas_address = ?)`

function insertOf(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join(', ')}) values (${places(columns.length)})`
}

function places(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ')
}

function valuesOf<Row extends object>(row: Row, columns: readonly (keyof Row)[]): SQLInputValue[] {
  return columns.map((column) => (row[column] ?? null) as SQLInputValue) // texts, numbers, octets, nulls
}
