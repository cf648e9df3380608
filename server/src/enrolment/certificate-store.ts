import type { Kysely, Selectable } from 'kysely'
import type { CertificateTable, Schema } from '../store/schema.ts'

export type CertificateRecord = Selectable<CertificateTable>

/** What is known before a certificate is signed. */
export type CertificateIntent = Pick<
  CertificateRecord,
  'serial' | 'kind' | 'subject' | 'key_sealed' | 'not_before' | 'not_after' | 'created_at'
>

/**
 * Every certificate of the own CA. A serial is recorded before anything is signed with it, so that no certificate exists
 * that this table does not know; a row that stays `recorded` tells of a crash in between.
 */
export class CertificateStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  async record(intent: CertificateIntent): Promise<void> {
    await this.#db
      .insertInto('certificates')
      .values({
        ...intent,
        pem: null,
        fingerprint: null,
        status: 'recorded',
        revoked_at: null,
        revocation_reason: null,
      })
      .execute()
  }

  /** False where the serial was never recorded, or is past this state. */
  async markIssued(serial: string, pem: string, fingerprint: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('certificates')
      .set({ pem, fingerprint, status: 'issued' })
      .where('serial', '=', serial)
      .where('status', '=', 'recorded')
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  async find(serial: string): Promise<CertificateRecord | undefined> {
    return await this.#db
      .selectFrom('certificates')
      .selectAll()
      .where('serial', '=', serial)
      .executeTakeFirst()
  }

  /** Issued and not revoked, oldest first. */
  async issuedOfKind(kind: string): Promise<CertificateRecord[]> {
    return await this.#db
      .selectFrom('certificates')
      .selectAll()
      .where('kind', '=', kind)
      .where('status', '=', 'issued')
      .orderBy('created_at')
      .orderBy('serial')
      .execute()
  }

  /** False where no issued certificate has this serial, or it is revoked already. */
  async revoke(serial: string, at: number, reason: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('certificates')
      .set({ status: 'revoked', revoked_at: at, revocation_reason: reason })
      .where('serial', '=', serial)
      .where('status', '=', 'issued')
      .executeTakeFirst()
    return result.numUpdatedRows === 1n
  }

  /** Revoked and not expired before `now`: what a CRL lists. */
  async revoked(now: number): Promise<CertificateRecord[]> {
    return await this.#db
      .selectFrom('certificates')
      .selectAll()
      .where('status', '=', 'revoked')
      .where('not_after', '>=', now)
      .orderBy('serial')
      .execute()
  }
}
