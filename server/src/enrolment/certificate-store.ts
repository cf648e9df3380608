import type { Kysely, Selectable } from 'kysely'
import type { CertificateTable, Schema } from '../store/schema.ts'
import { SharedTransactions } from '../store/shared-transactions.ts'
import { type CertificateFilter, type CertificatePage, searchCertificates } from './certificate-search.ts'
import { certificateSearchNames } from './certificate-search-names.ts'

export type CertificateRecord = Selectable<CertificateTable>

/** What is known before a certificate is signed. */
export type CertificateIntent = Pick<
  CertificateRecord,
  'serial' | 'kind' | 'subject' | 'key_sealed' | 'not_before' | 'not_after' | 'created_at'
> &
  Partial<CertificateOrigin>

/** What a certificate was issued by and for whom. */
export type CertificateOrigin = Pick<
  CertificateRecord,
  | 'template'
  | 'template_revision'
  | 'protocol'
  | 'holder_id'
  | 'holder_name'
  | 'device_id'
  | 'key_hash'
  | 'renews'
  | 'request_id'
  | 'issuer_key'
>

/**
 * Every certificate of the own CA. A serial is recorded before anything is signed with it, so that no certificate exists
 * that this table does not know; a row that stays `recorded` tells of a crash in between.
 */
export class CertificateStore {
  readonly #db: Kysely<Schema>
  readonly #transactions: SharedTransactions

  constructor(db: Kysely<Schema>, transactions = new SharedTransactions(db)) {
    this.#db = db
    this.#transactions = transactions
  }

  async record(intent: CertificateIntent): Promise<void> {
    const row = { ...intent, pem: null, fingerprint: null, revoked_at: null, revocation_reason: null }
    await this.#transactions.run((transaction) =>
      transaction
        .insertInto('certificates')
        .values({ ...row, status: 'recorded' })
        .execute(),
    )
  }

  /** False where the serial was never recorded, or is past this state. */
  async markIssued(serial: string, pem: string, fingerprint: string): Promise<boolean> {
    return await this.#transactions.run(async (transaction) => {
      const row = await transaction
        .updateTable('certificates')
        .set({ pem, fingerprint, status: 'issued' })
        .where('serial', '=', serial)
        .where('status', '=', 'recorded')
        .returning(['created_at', 'holder_name', 'device_id'])
        .executeTakeFirst()
      if (row === undefined) return false
      const names = certificateSearchNames(pem, [row.holder_name, row.device_id])
      const values = names.map((name) => ({ name, serial, newest: -row.created_at }))
      if (values.length > 0) await transaction.insertInto('certificate_names').values(values).execute()
      return true
    })
  }

  async find(serial: string): Promise<CertificateRecord | undefined> {
    return await this.#db
      .selectFrom('certificates')
      .selectAll()
      .where('serial', '=', serial)
      .executeTakeFirst()
  }

  async list(filter: CertificateFilter, now: number): Promise<CertificatePage> {
    return await searchCertificates(this.#db, filter, now)
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
}
