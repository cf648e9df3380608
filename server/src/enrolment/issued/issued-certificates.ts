import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { connectSqliteReader } from '../../store/sqlite-connection.ts'

/** What our own CA issued, as far as it is known here and now. */
export interface IssuedCertificates {
  /**
   * Whether this very certificate was issued. By its fingerprint, for whoever stole the key of the CA can write any serial.
   * False says only that it is not known here: the records have to be asked.
   *
   * @param fingerprint SHA-256 of the DER encoding, lower-case hex
   */
  has(fingerprint: string): boolean
}

/** A local SQLite file that tells what was issued. */
export interface IssuedFile {
  readonly path: string
  /** The records themselves, or a projection of them (`IssuedProjection`). */
  readonly holds: 'records' | 'fingerprints'
}

const QUERIES: Readonly<Record<IssuedFile['holds'], string>> = {
  records: 'select 1 from certificates where fingerprint = ?',
  fingerprints: 'select 1 from issued where fingerprint = unhex(?)',
}

/** A point read costs microseconds at a million rows, so nothing is kept in memory. */
export class SqliteIssuedCertificates implements IssuedCertificates {
  readonly #row: StatementSync

  constructor(connection: DatabaseSync, holds: IssuedFile['holds']) {
    this.#row = connection.prepare(QUERIES[holds])
  }

  static open({ path, holds }: IssuedFile): SqliteIssuedCertificates {
    return new SqliteIssuedCertificates(connectSqliteReader(path), holds)
  }

  has(fingerprint: string): boolean {
    return this.#row.get(fingerprint) !== undefined
  }
}
