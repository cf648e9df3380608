import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { MacAddressTable } from '../../store/schema.ts'
import { type MacDirectory, type StoredMac, storedMac } from './stored-mac.ts'

/**
 * MAC addresses in a local SQLite file, read-only: the main database itself, or the projection of one. A point read costs
 * microseconds at a million rows, so nothing is kept in memory and nothing can be stale.
 */
export class SqliteMacDirectory implements MacDirectory {
  readonly #row: StatementSync

  constructor(connection: DatabaseSync) {
    this.#row = connection.prepare('select * from mac_addresses where mac = ?')
  }

  find(mac: string): StoredMac | undefined {
    const row = this.#row.get(mac)
    // The columns are those of the table, for the statement selects them all.
    return row === undefined ? undefined : storedMac(row as unknown as MacAddressTable)
  }
}
