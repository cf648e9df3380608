import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RevokedCertificateTable } from '../../store/schema.ts'

export interface RevokedSerial {
  readonly revokedAt: number
  readonly reason: string
}

/** What our own CA revoked or holds. */
export interface RevokedSerials {
  /** @param serial lower-case hex, as `serialText` writes it */
  find(serial: string): RevokedSerial | undefined
  /**
   * Whether it is of a CA whose key never left us, and yet no record of it is there: issued after the backup that was
   * restored, or by whoever stole the key. Never where the file does not hold what was issued.
   */
  isMissing(serial: string, issuerKey: string): boolean
}

/**
 * In a local SQLite file, read-only: the main database itself, or the projection of one. A point read costs microseconds
 * at a hundred thousand rows, so nothing is kept in memory and nothing can be stale.
 */
export class SqliteRevokedSerials implements RevokedSerials {
  readonly #row: StatementSync
  readonly #missing: StatementSync

  constructor(connection: DatabaseSync) {
    this.#row = connection.prepare(
      'select status, revoked_at, reason from revoked_certificates where serial = ?',
    )
    // A projection holds neither CAs nor certificates. What an imported CA issued before it was ours, nobody recorded.
    this.#missing = connection.prepare(
      `select 1 from authorities where key_id = ? and origin <> 'imported'
        and not exists (select 1 from certificates where serial = ?)`,
    )
  }

  find(serial: string): RevokedSerial | undefined {
    // The columns the statement names.
    const row = this.#row.get(serial) as
      | Pick<RevokedCertificateTable, 'status' | 'revoked_at' | 'reason'>
      | undefined
    if (row === undefined || row.status === 'released') return undefined
    return { revokedAt: row.revoked_at, reason: row.reason }
  }

  isMissing(serial: string, issuerKey: string): boolean {
    return this.#missing.get(issuerKey, serial) !== undefined
  }
}
