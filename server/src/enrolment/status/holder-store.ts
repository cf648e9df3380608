import type { Database } from '../../store/database.ts'

/** A certificate that somebody could still log in with, or could again. */
export interface HeldCertificate {
  readonly serial: string
  readonly status: 'issued' | 'held'
  readonly heldFor: 'holder' | null
}

export interface Holder {
  readonly id: string
  readonly name: string
}

/** Reads who holds certificates, and what became of local accounts. */
export class HolderStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Holders of certificates that have not ended, in the order of their ids. */
  async holders(after: string, now: number, limit: number): Promise<readonly Holder[]> {
    const rows = await this.#database.kysely
      .selectFrom('certificates')
      .select((column) => ['holder_id', column.fn.max('holder_name').as('name')])
      .where('holder_id', '>', after)
      .where('not_after', '>', now)
      // As exclusion, or SQLite reads every valid certificate for each page instead of going on at the holder.
      .where('status', 'not in', ['recorded', 'revoked'])
      .groupBy('holder_id')
      .orderBy('holder_id')
      .limit(limit)
      .execute()
    return rows.flatMap(({ holder_id: id, name }) => (id === null ? [] : [{ id, name: name ?? id }]))
  }

  async certificatesOf(holder: string, now: number): Promise<readonly HeldCertificate[]> {
    const rows = await this.#database.kysely
      .selectFrom('certificates as c')
      .leftJoin('revoked_certificates as r', 'r.serial', 'c.serial')
      .select(['c.serial', 'c.status', 'r.held_for'])
      .where('c.holder_id', '=', holder)
      .where('c.not_after', '>', now)
      .where('c.status', 'in', ['issued', 'held'])
      .execute()
    return rows.map(({ serial, status, held_for: heldFor }) => ({
      ...{ serial, heldFor },
      status: status === 'held' ? 'held' : 'issued',
    }))
  }

  /** Of a local account; undefined: there never was one of this id. */
  async localAccount(id: string): Promise<'enabled' | 'disabled' | 'gone' | undefined> {
    const { kysely } = this.#database
    const row = await kysely.selectFrom('users').select('disabled').where('id', '=', id).executeTakeFirst()
    if (row !== undefined) return row.disabled === 1 ? 'disabled' : 'enabled'
    const gone = await kysely
      .selectFrom('tombstones')
      .select('id')
      .where('kind', '=', 'user')
      .where('id', '=', id)
      .executeTakeFirst()
    return gone === undefined ? undefined : 'gone'
  }

  /** Of the newest change of any account. */
  async revision(): Promise<number> {
    const row = await this.#database.kysely
      .selectFrom('revisions')
      .select('value')
      .where('name', '=', 'users')
      .executeTakeFirst()
    return row?.value ?? 0
  }

  /** Ids of local accounts that changed or went after a revision, and up to which one they were looked at. */
  async changedAccounts(
    since: number,
    limit: number,
  ): Promise<{ readonly ids: readonly string[]; readonly revision: number }> {
    const { kysely } = this.#database
    const changed = await kysely
      .selectFrom('users')
      .select(['id', 'revision'])
      .where('revision', '>', since)
      .orderBy('revision')
      .limit(limit)
      .execute()
    const gone = await kysely
      .selectFrom('tombstones')
      .select(['id', 'revision'])
      .where('kind', '=', 'user')
      .where('revision', '>', since)
      .orderBy('revision')
      .limit(limit)
      .execute()
    const ends = [changed, gone].flatMap((rows) => (rows.length < limit ? [] : (rows.at(-1)?.revision ?? [])))
    const end =
      ends.length > 0
        ? Math.min(...ends)
        : Math.max(since, ...[...changed, ...gone].map((row) => row.revision))
    const seen = [...changed, ...gone].filter((row) => row.revision <= end)
    return { ids: [...new Set(seen.map(({ id }) => id))], revision: end }
  }
}
