import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'

/** Rows one step looks at: logins share the store thread with it. */
const WINDOW = 40

/** Where the next step begins; undefined: there is none. */
export type CertificateCursor = { readonly notAfter: number; readonly serial: string }

export interface Step<Cursor> {
  readonly changed: number
  readonly next?: Cursor
}

/**
 * Deletes what is over, in steps of a few rows that find their way by an index. Steps can be repeated, and several nodes may
 * take them at the same time.
 */
export class CertificateUpkeepStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  /**
   * Deletes certificates that ended before a time, with the names they are looked for by. Kept are CAs; keys that were
   * revoked because somebody else has them, for no key is certified again that a row knows; and revoked ones until a full CRL
   * of a time after their end was published (RFC 5280 section 3.3).
   *
   * @param issuers keys of the CAs that still make CRLs
   */
  async deleteCertificates(
    before: number,
    issuers: readonly string[],
    from: CertificateCursor = { notAfter: 0, serial: '' },
  ): Promise<Step<CertificateCursor>> {
    const window = await this.#db
      .selectFrom('certificates as c')
      .leftJoin('revoked_certificates as r', 'r.serial', 'c.serial')
      .leftJoin('crls as l', (join) =>
        join.onRef('l.issuer_key', '=', 'r.issuer_key').on('l.kind', '=', 'full'),
      )
      .select(['c.serial', 'c.kind', 'c.not_after', 'c.status', 'c.revocation_reason'])
      .select(['r.issuer_key', 'r.revision', 'l.this_update', 'l.revision as listed_revision'])
      .where('c.not_after', '<', before)
      .where((where) =>
        where.or([
          where('c.not_after', '>', from.notAfter),
          where.and([where('c.not_after', '=', from.notAfter), where('c.serial', '>', from.serial)]),
        ]),
      )
      .orderBy('c.not_after')
      .orderBy('c.serial')
      .limit(WINDOW)
      .execute()
    const over = window.filter((row) => {
      if (row.kind.endsWith('-ca') || row.revocation_reason === 'keyCompromise') return false
      if (row.issuer_key === null || !issuers.includes(row.issuer_key)) return true
      const { this_update: listedAt, listed_revision: listed, revision } = row
      return listedAt !== null && listed !== null && listedAt > row.not_after && listed >= (revision ?? 0)
    })
    if (over.length > 0) {
      const serials = over.map(({ serial }) => serial)
      await this.#db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('certificate_names').where('serial', 'in', serials).execute()
        await transaction.deleteFrom('revoked_certificates').where('serial', 'in', serials).execute()
        await transaction.deleteFrom('certificates').where('serial', 'in', serials).execute()
      })
    }
    const last = window.length < WINDOW ? undefined : window.at(-1)
    return {
      changed: over.length,
      ...(last !== undefined && { next: { notAfter: Number(last.not_after), serial: last.serial } }),
    }
  }

  /** Serials that were recorded in a time and never marked as issued: a crash came in between. */
  async recorded(after: number, until: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('certificates')
      .select('serial')
      .where('status', '=', 'recorded')
      .where('created_at', '>', after)
      .where('created_at', '<=', until)
      .orderBy('created_at')
      .limit(WINDOW)
      .execute()
    return rows.map(({ serial }) => serial)
  }

  /** Denies requests that have waited since before a time. */
  async expireRequests(before: number, now: number, after = 0): Promise<Step<number>> {
    const waiting = await this.#db
      .selectFrom('certificate_requests')
      .select(['id', 'created_at'])
      .where('status', '=', 'pending')
      .where('id', '>', after)
      .orderBy('id')
      .limit(WINDOW)
      .execute()
    const late = waiting.filter(({ created_at }) => created_at < before).map(({ id }) => id)
    if (late.length > 0) {
      await this.#db
        .updateTable('certificate_requests')
        .set({ status: 'denied', note: 'expired', decided_at: now, decided_by: 'upkeep' })
        .where('id', 'in', late)
        // Somebody may have decided in the meantime.
        .where('status', '=', 'pending')
        .execute()
    }
    return stepOf(waiting, late.length)
  }

  /**
   * Deletes requests that were decided before a time. As long as the certificate of one has not ended, the same request gets
   * the same answer, so it stays.
   */
  async deleteRequests(before: number, now: number, after = 0): Promise<Step<number>> {
    const window = await this.#db
      .selectFrom('certificate_requests as q')
      .select(['q.id', 'q.status', 'q.created_at', 'q.decided_at'])
      .select(({ exists, selectFrom }) =>
        exists(
          selectFrom('certificates as c')
            .select('c.serial')
            .whereRef('c.request_id', '=', 'q.id')
            .where('c.not_after', '>', now),
        ).as('lives'),
      )
      .where('q.id', '>', after)
      .orderBy('q.id')
      .limit(WINDOW)
      .execute()
    const over = window.filter(
      (row) => row.status !== 'pending' && !row.lives && (row.decided_at ?? row.created_at) < before,
    )
    if (over.length > 0) {
      const ids = over.map(({ id }) => id)
      await this.#db.deleteFrom('certificate_requests').where('id', 'in', ids).execute()
    }
    // Ids come in the order of time: behind a window that is young all through, nothing is old.
    const isYoung = window.every(({ created_at }) => created_at >= before)
    return isYoung ? { changed: over.length } : stepOf(window, over.length)
  }

  /** What the doors keep: challenges and transactions that ended before a time. @returns how many went */
  async deleteTransactions(before: number): Promise<number> {
    const challenges = this.#db
      .selectFrom('enrolment_challenges')
      .select('id')
      .where('expires_at', '<', before)
      .limit(WINDOW)
    const gone = await this.#db
      .deleteFrom('enrolment_challenges')
      .where('id', 'in', challenges)
      .executeTakeFirst()
    const transactions = this.#db
      .selectFrom('scep_transactions')
      .select('transaction_key')
      .where('created_at', '<', before)
      .limit(WINDOW)
    const ended = await this.#db
      .deleteFrom('scep_transactions')
      .where('transaction_key', 'in', transactions)
      .executeTakeFirst()
    return Number(gone.numDeletedRows + ended.numDeletedRows)
  }

  /** Who was handed an anchor that is none any more, before a time. @returns how many went */
  async deleteAnchorHolders(anchors: readonly string[], before: number): Promise<number> {
    const old = await this.#db
      .selectFrom('anchor_holders')
      .select(['holder', 'anchor'])
      .where('handed_at', '<', before)
      .$if(anchors.length > 0, (query) => query.where('anchor', 'not in', anchors))
      .limit(WINDOW)
      .execute()
    for (const { holder, anchor } of old) {
      await this.#db
        .deleteFrom('anchor_holders')
        .where('holder', '=', holder)
        .where('anchor', '=', anchor)
        .execute()
    }
    return old.length
  }

  /** Accounts of open ACME directories, and ended ones, that nobody used since, and that have no orders. @returns how many went */
  async deleteAcmeAccounts(before: number): Promise<number> {
    const idle = this.#db
      .selectFrom('acme_accounts as a')
      .select('a.id')
      .where('a.created_at', '<', before)
      .where('a.seen_at', '<', before)
      .where((where) => where.or([where('a.key_id', 'is', null), where('a.status', '!=', 'valid')]))
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('acme_orders as o').select('o.id').whereRef('o.account', '=', 'a.id'))),
      )
      .limit(WINDOW)
    const result = await this.#db.deleteFrom('acme_accounts').where('id', 'in', idle).executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}

function stepOf(window: readonly { readonly id: number }[], changed: number): Step<number> {
  const last = window.length < WINDOW ? undefined : window.at(-1)
  return { changed, ...(last !== undefined && { next: last.id }) }
}
