import type { Selectable, Transaction } from 'kysely'
import type { Database } from '../../store/database.ts'
import { recordFactChange } from '../../store/fact-change.ts'
import { nextUserRevision } from '../../store/revision.ts'
import type { CertificateTable, RevokedCertificateTable, Schema } from '../../store/schema.ts'
import { signingKeyIn } from './signing-key.ts'

export type RevokedRow = Selectable<RevokedCertificateTable>

export interface StatusChange {
  readonly serial: string
  readonly to: 'revoked' | 'held' | 'released'
  readonly at: number
  /** Of RFC 5280 section 5.3.1; certificateHold where it is held or released. */
  readonly reason: string
  readonly invalidityDate?: number
  /** Why it is held, where that is not an administrator's wish. */
  readonly heldFor?: 'holder'
  /** One line for people: what this is a part of. */
  readonly cause: string
  readonly askedBy: string
}

export type StatusChanged =
  | { readonly kind: 'changed'; readonly revision: number }
  /** It is so already. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'not-found' }
  /** Not in this state: a serial that was never issued, a release of what is not held. */
  | { readonly kind: 'impossible'; readonly status: CertificateTable['status'] }

/** From which states a certificate may come into one. What is revoked stays revoked. */
const FROM: Readonly<Record<StatusChange['to'], readonly CertificateTable['status'][]>> = {
  // recorded: a crash may have come after the signature.
  revoked: ['issued', 'held', 'recorded'],
  held: ['issued'],
  released: ['held'],
}

/**
 * Changes of the status of certificates. In one transaction: the certificate, what CRLs and workers read, and the note that
 * makes live sessions be decided again.
 */
export class CertificateStatusStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async change(change: StatusChange): Promise<StatusChanged> {
    return await this.#database.kysely.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('certificates')
        .select(['status', 'pem', 'not_after', 'issuer_key'])
        .where('serial', '=', change.serial)
        .executeTakeFirst()
      if (row === undefined) return { kind: 'not-found' }
      const wanted = change.to === 'released' ? 'issued' : change.to
      if (!FROM[change.to].includes(row.status)) {
        return row.status === wanted ? { kind: 'unchanged' } : { kind: 'impossible', status: row.status }
      }
      // Of a serial from before the column was there, that was never signed with, nobody knows it.
      const issuerKey = row.issuer_key ?? signingKeyIn(row.pem) ?? ''
      return { kind: 'changed', revision: await this.#write(transaction, change, { ...row, issuerKey }) }
    })
  }

  /** What changed since a revision, in its order. */
  async since(revision: number, limit: number): Promise<RevokedRow[]> {
    return await this.#database.kysely
      .selectFrom('revoked_certificates')
      .selectAll()
      .where('revision', '>', revision)
      .orderBy('revision')
      .limit(limit)
      .execute()
  }

  /** Of the newest change. */
  async revision(): Promise<number> {
    const { newest } = await this.#database.kysely
      .selectFrom('revoked_certificates')
      .select((column) => column.fn.max<number | null>('revision').as('newest'))
      .executeTakeFirstOrThrow()
    return Number(newest ?? 0)
  }

  async #write(
    transaction: Transaction<Schema>,
    { serial, to, at, reason, invalidityDate, heldFor, cause, askedBy }: StatusChange,
    { not_after, issuerKey }: { readonly not_after: number; readonly issuerKey: string },
  ): Promise<number> {
    const isFree = to === 'released'
    await transaction
      .updateTable('certificates')
      .set({
        status: isFree ? 'issued' : to,
        revoked_at: isFree ? null : at,
        revocation_reason: isFree ? null : reason,
        issuer_key: issuerKey,
      })
      .where('serial', '=', serial)
      .execute()
    const revision = await nextUserRevision(this.#database, transaction)
    const values = {
      ...{ status: to, revoked_at: at, reason, revision },
      ...{ invalidity_date: invalidityDate ?? null, held_for: heldFor ?? null },
    }
    await transaction
      .insertInto('revoked_certificates')
      .values({ serial, issuer_key: issuerKey, not_after, ...values })
      .onConflict((conflict) => conflict.column('serial').doUpdateSet(values))
      .execute()
    const change = { at, fact: 'certificate', key: serial, cause, asked_by: askedBy } as const
    await recordFactChange(transaction, { ...change, config_version: 0 })
    return revision
  }
}
