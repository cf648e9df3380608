import type { Selectable } from 'kysely'
import type { Database } from '../../store/database.ts'
import { announce } from '../../store/revision.ts'
import type { CrlTable } from '../../store/schema.ts'

export type StoredCrl = Selectable<CrlTable>

/** A certificate as a CRL lists it. */
export interface ListedCertificate {
  readonly serial: string
  readonly status: 'revoked' | 'held' | 'released'
  readonly revoked_at: number
  readonly reason: string
  readonly invalidity_date: number | null
}

/** Longer than the making of any list; a node that died in between lets another one go on. */
const CLAIM_MILLISECONDS = 60_000

/** The published CRLs and their numbers. */
export class CrlStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * The number of the next list of an issuer, full or delta, for one node at a time; undefined while another one makes a
   * list. It is the time where that is more: numbers go on growing where an old backup was restored.
   */
  async claim(issuerKey: string, now: number): Promise<number | undefined> {
    return await this.#database.kysely.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('crl_sequences')
        .values({ issuer_key: issuerKey, number: 0, claimed_until: 0 })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const seconds = Math.floor(now / 1000)
      const row = await transaction
        .updateTable('crl_sequences')
        .set((column) => ({
          number: column
            .case()
            .when('number', '>=', seconds)
            .then(column('number', '+', 1))
            .else(seconds)
            .end(),
          claimed_until: now + CLAIM_MILLISECONDS,
        }))
        .where('issuer_key', '=', issuerKey)
        .where('claimed_until', '<=', now)
        .returning('number')
        .executeTakeFirst()
      return row === undefined ? undefined : Number(row.number)
    })
  }

  /** Puts finished lists in the place of the former ones, and lets others make the next. */
  async publish(issuerKey: string, lists: readonly StoredCrl[]): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      for (const list of lists) {
        const { issuer_key, kind, ...values } = list
        await transaction
          .insertInto('crls')
          .values(list)
          .onConflict((conflict) =>
            conflict
              .columns(['issuer_key', 'kind'])
              .doUpdateSet(values)
              // Whoever was overtaken while making its list must not put an older one in the place of a newer.
              .where('crls.number', '<=', values.number),
          )
          .execute()
      }
      await transaction
        .updateTable('crl_sequences')
        .set({ claimed_until: 0 })
        .where('issuer_key', '=', issuerKey)
        .execute()
      await announce(this.#database, transaction, 'crls')
    })
  }

  /** Without publishing: it failed. */
  async release(issuerKey: string): Promise<void> {
    await this.publish(issuerKey, [])
  }

  /** The newest lists; with their octets only where they are asked for. */
  async heads(): Promise<Omit<StoredCrl, 'der'>[]> {
    return await this.#database.kysely
      .selectFrom('crls')
      .select([
        ...(['issuer_key', 'kind', 'number', 'base_number', 'this_update'] as const),
        ...(['next_update', 'revision', 'entries', 'delta_url'] as const),
      ])
      .execute()
  }

  async find(issuerKey: string, kind: StoredCrl['kind']): Promise<StoredCrl | undefined> {
    return await this.#database.kysely
      .selectFrom('crls')
      .selectAll()
      .where('issuer_key', '=', issuerKey)
      .where('kind', '=', kind)
      .executeTakeFirst()
  }

  /** What a full list names: revoked or held, and not ended before `endedBefore`. In the order of serials. */
  async listed(
    issuerKey: string,
    { endedBefore, after, limit }: { endedBefore: number; after: string; limit: number },
  ): Promise<ListedCertificate[]> {
    return await this.#database.kysely
      .selectFrom('revoked_certificates')
      .select(['serial', 'status', 'revoked_at', 'reason', 'invalidity_date'])
      .where('issuer_key', '=', issuerKey)
      .where('serial', '>', after)
      .where('status', '<>', 'released')
      .where('not_after', '>=', endedBefore)
      .orderBy('serial')
      .limit(limit)
      .execute()
  }

  /** What a delta names: everything that changed after a revision. */
  async changedSince(issuerKey: string, revision: number, limit: number): Promise<ListedCertificate[]> {
    return await this.#database.kysely
      .selectFrom('revoked_certificates')
      .select(['serial', 'status', 'revoked_at', 'reason', 'invalidity_date'])
      .where('revision', '>', revision)
      .where('issuer_key', '=', issuerKey)
      .orderBy('revision')
      .limit(limit)
      .execute()
  }
}
