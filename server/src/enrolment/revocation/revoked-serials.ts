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
}

/**
 * In a local SQLite file, read-only: the main database itself, or the projection of one. A point read costs microseconds
 * at a hundred thousand rows, so nothing is kept in memory and nothing can be stale.
 */
export class SqliteRevokedSerials implements RevokedSerials {
  readonly #row: StatementSync

  constructor(connection: DatabaseSync) {
    this.#row = connection.prepare(
      'select status, revoked_at, reason from revoked_certificates where serial = ?',
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
}
