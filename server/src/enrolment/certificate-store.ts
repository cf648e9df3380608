import { type Kysely, type Selectable, sql } from 'kysely'
import type { CertificateTable, Schema } from '../store/schema.ts'

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

export interface CertificateFilter {
  /** Part of a subject or of a serial number, in any case. */
  readonly search?: string | undefined
  readonly kind?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export interface CertificatePage {
  readonly rows: readonly CertificateRecord[]
  readonly next?: string
}

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

  /** The latest first. */
  async list({ search = '', kind, limit, cursor }: CertificateFilter): Promise<CertificatePage> {
    let query = this.#db.selectFrom('certificates').selectAll()
    if (kind !== undefined) query = query.where('kind', '=', kind)
    if (search !== '') {
      const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
      query = query.where((where) =>
        // SQLite has no escape character unless one is named.
        where.or(
          SEARCHED.map((column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`),
        ),
      )
    }
    const [, createdAt, serial] = /^(\d+)\.([0-9a-f]+)$/.exec(cursor ?? '') ?? []
    if (createdAt !== undefined && serial !== undefined) {
      query = query.where((where) =>
        where.or([
          where('created_at', '<', Number(createdAt)),
          where.and([where('created_at', '=', Number(createdAt)), where('serial', '<', serial)]),
        ]),
      )
    }
    const rows = await query
      .orderBy('created_at', 'desc')
      .orderBy('serial', 'desc')
      .limit(limit + 1)
      .execute()
    const last = rows[limit - 1]
    if (rows.length <= limit || last === undefined) return { rows }
    return { rows: rows.slice(0, limit), next: `${last.created_at}.${last.serial}` }
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

const SEARCHED = ['subject', 'serial'] as const
