import { BatchCommit } from '../../store/batch-commit.ts'
import type { Database } from '../../store/database.ts'
import { rowWriter } from '../../store/row-writer.ts'
import { AccountingLedger, type KnownDecisions } from './accounting-ledger.ts'
import type { AccountingRecord } from './accounting-record.ts'
import { PostgresAccounting } from './postgres-accounting.ts'
import { SqliteAccounting } from './sqlite-accounting.ts'

/** The store thread's side of accounting. */
export class AccountingService {
  readonly #commit: BatchCommit<AccountingRecord>

  constructor(database: Database, decisions?: KnownDecisions) {
    const writer = rowWriter(database)
    const accounting =
      database.raw.engine === 'sqlite'
        ? new SqliteAccounting(database, database.raw.connection, writer)
        : new PostgresAccounting(database.raw.pool, writer)
    this.#commit = new BatchCommit(new AccountingLedger(accounting, decisions))
  }

  /**
   * Stores records; answers for each one whether it is durable now. Only those may be acknowledged: a NAS keeps and
   * repeats what nobody acknowledged (RFC 2866 section 2).
   */
  async store(records: readonly AccountingRecord[]): Promise<readonly boolean[]> {
    const results = await Promise.allSettled(records.map((record) => this.#commit.write(record)))
    return results.map((result) => result.status === 'fulfilled')
  }

  get waiting(): number {
    return this.#commit.waiting
  }

  /** Commits what waits; later records are refused. */
  async close(): Promise<void> {
    await this.#commit.close()
  }
}
