import type { Database } from '../../store/database.ts'
import type { GroupCommit } from '../../store/group-commit.ts'
import type { AccountingRecord } from './accounting-record.ts'
import { accountingWrites } from './accounting-writes.ts'

/** The store thread's side of accounting. */
export class AccountingService {
  readonly #database: Database
  readonly #commit: GroupCommit

  constructor(database: Database, commit: GroupCommit) {
    this.#database = database
    this.#commit = commit
  }

  /**
   * Stores records; answers for each one whether it is durable now. Only those may be acknowledged: a NAS keeps and
   * repeats what nobody acknowledged (RFC 2866 section 2).
   */
  async store(records: readonly AccountingRecord[]): Promise<readonly boolean[]> {
    const results = await Promise.allSettled(
      records.map((record) => this.#commit.write(accountingWrites(record, this.#database.kysely))),
    )
    return results.map((result) => result.status === 'fulfilled')
  }
}
