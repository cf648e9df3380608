import { UpstreamError } from '../../kernel/errors.ts'
import { BatchCommit } from '../../store/batch-commit.ts'
import type { Database } from '../../store/database.ts'
import { rowWriter } from '../../store/row-writer.ts'
import type { ForwardedAccountingStore } from '../proxy/forwarded-accounting-store.ts'
import { AccountingLedger, type KnownDecisions } from './accounting-ledger.ts'
import type { AccountingRecord } from './accounting-record.ts'
import { PostgresAccounting } from './postgres-accounting.ts'
import { SqliteAccounting } from './sqlite-accounting.ts'

/** The store thread's side of accounting. */
export class AccountingService {
  readonly #database: Database
  readonly #ledger: AccountingLedger
  readonly #commit: BatchCommit<AccountingRecord>
  readonly #forwarded: Pick<ForwardedAccountingStore, 'isFull' | 'added'> | undefined

  constructor(
    database: Database,
    decisions?: KnownDecisions,
    forwarded?: Pick<ForwardedAccountingStore, 'isFull' | 'added'>,
  ) {
    this.#forwarded = forwarded
    const accounting =
      database.raw.engine === 'sqlite'
        ? new SqliteAccounting(database, database.raw.connection, rowWriter(database))
        : new PostgresAccounting(database.raw.pool)
    this.#database = database
    this.#ledger = new AccountingLedger(accounting, decisions)
    this.#commit = new BatchCommit(this.#ledger)
  }

  /**
   * Stores records; answers for each one whether it is durable now. Only those may be acknowledged: a NAS keeps and
   * repeats what nobody acknowledged (RFC 2866 section 2).
   */
  async store(records: readonly AccountingRecord[]): Promise<readonly boolean[]> {
    const results = await Promise.allSettled(records.map((record) => this.#write(record)))
    return results.map((result) => result.status === 'fulfilled')
  }

  /** Names the users of sessions that began before their receipts were stored. */
  async nameAccounts(): Promise<void> {
    for (const [session, decision] of this.#ledger.takeUnresolved()) {
      const receipt = await this.#database.kysely
        .selectFrom('receipts')
        .select('user_name')
        .where('id', '=', decision)
        .executeTakeFirst()
      const account = receipt?.user_name ?? null
      if (account === null) continue
      await this.#database.kysely
        .updateTable('sessions')
        .set({ account, user_key: account })
        .where('id', '=', session)
        .where('decision_id', '=', decision)
        .execute()
    }
  }

  /** Records since the start: new ones, and events that were stored already. */
  get counts(): { readonly stored: number; readonly duplicate: number } {
    return { stored: this.#ledger.stored, duplicate: this.#ledger.duplicates }
  }

  /** What cannot be passed on for want of room is not acknowledged: the device keeps it. */
  async #write(record: AccountingRecord): Promise<void> {
    const isForwarded = record.forwarding !== undefined
    if (isForwarded && this.#forwarded?.isFull === true)
      throw new UpstreamError('forwarding-full', 'Too much accounting waits for its upstreams.')
    await this.#commit.write(record)
    if (isForwarded) this.#forwarded?.added()
  }

  get waiting(): number {
    return this.#commit.waiting
  }

  /** Commits what waits; later records are refused. */
  async close(): Promise<void> {
    await this.#commit.close()
  }
}
