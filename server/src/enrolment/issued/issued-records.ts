import type { Kysely } from 'kysely'
import { UpstreamError } from '../../kernel/errors.ts'
import type { Schema } from '../../store/schema.ts'

/** Questions to the database at a time; whoever signs with a stolen key could ask any number. */
const MOST_ASKED = 256

export interface IssuedRow {
  readonly fingerprint: string
  readonly notAfter: number
}

/** The records of what was issued, for a worker whose own file does not know a certificate. Runs in the main thread. */
export class IssuedRecords {
  readonly #db: Kysely<Schema>
  readonly #found: (row: IssuedRow) => void
  #asked = 0

  /** @param found told of what is recorded, and the worker did not know */
  constructor(db: Kysely<Schema>, found: (row: IssuedRow) => void) {
    this.#db = db
    this.#found = found
  }

  /** @throws UpstreamError, or what the database throws, where it cannot be told */
  async has(fingerprint: string): Promise<boolean> {
    if (this.#asked >= MOST_ASKED) {
      throw new UpstreamError('records-busy', 'Too many logins wait for the records of certificates.')
    }
    this.#asked++
    try {
      const row = await this.#db
        .selectFrom('certificates')
        .select('not_after')
        .where('fingerprint', '=', fingerprint)
        .executeTakeFirst()
      if (row === undefined) return false
      this.#found({ fingerprint, notAfter: Number(row.not_after) })
      return true
    } finally {
      this.#asked--
    }
  }
}
