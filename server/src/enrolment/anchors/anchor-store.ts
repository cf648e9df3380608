import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../store/schema.ts'

export interface AnchorHolder {
  /** Account id `<source>/<id>`, or `device:<id>`. */
  readonly holder: string
  readonly name: string
  readonly hasAnchor: boolean
}

export interface AnchorProgress {
  /** Known holders: they have a valid certificate of ours, or were handed an anchor. */
  readonly holders: number
  readonly withAnchor: number
  /** Some of those without it, by name. */
  readonly missing: readonly string[]
}

/** Who was handed which trust anchor. */
export class AnchorStore {
  readonly #db: Kysely<Schema>

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  /** They fetched it, or told that they have it. @param anchor SHA-256 of the root, lower-case hex */
  async handed(
    holder: { readonly id: string; readonly name: string },
    anchor: string,
    by: string,
    at: number,
  ): Promise<void> {
    await this.#db
      .insertInto('anchor_holders')
      .values({ holder: holder.id, anchor, name: holder.name, handed_by: by, handed_at: at })
      .onConflict((conflict) =>
        conflict
          .columns(['holder', 'anchor'])
          .doUpdateSet({ handed_at: at, handed_by: by, name: holder.name }),
      )
      .execute()
  }

  /**
   * Holders of valid certificates by their names, told by an administrator who saw to it (MDM, group policy). How many were
   * found.
   */
  async confirm(names: readonly string[], anchor: string, at: number): Promise<number> {
    const found = await this.#db
      .selectFrom('certificates')
      .select([HOLDER.as('holder'), NAME.as('name')])
      .distinct()
      .where('status', '=', 'issued')
      .where('not_after', '>', at)
      .where((where) => where.or([where('holder_name', 'in', names), where('device_id', 'in', names)]))
      .execute()
    for (const { holder, name } of found) await this.handed({ id: holder, name }, anchor, 'administrator', at)
    return new Set(found.map(({ holder }) => holder)).size
  }

  /**
   * How many of those who check our servers know the anchor: they were handed it, or were issued a certificate since it was
   * prepared, which no protocol does without handing over the anchors.
   */
  async progress(anchor: string, preparedAt: number, now: number): Promise<AnchorProgress> {
    const certificates = this.#db
      .selectFrom('certificates')
      .select([
        HOLDER.as('holder'),
        NAME.as('name'),
        sql<number>`case when created_at >= ${preparedAt} then 1 else 0 end`.as('has'),
      ])
      .where('status', '=', 'issued')
      .where('not_after', '>', now)
      .where((where) => where.or([where('holder_id', 'is not', null), where('device_id', 'is not', null)]))
    const handed = this.#db
      .selectFrom('anchor_holders')
      .select(['holder', 'name', sql<number>`case when anchor = ${anchor} then 1 else 0 end`.as('has')])
    const holders = this.#db
      .selectFrom(certificates.unionAll(handed).as('known'))
      .select([
        'holder',
        (select) => select.fn.max<string>('name').as('name'),
        (select) => select.fn.max<number>('has').as('has'),
      ])
      .groupBy('holder')
    const counts = await this.#db
      .selectFrom(holders.as('holders'))
      .select([
        (select) => select.fn.countAll<number>().as('holders'),
        (select) => select.fn.sum<number | null>('has').as('having'),
      ])
      .executeTakeFirstOrThrow()
    const missing = await this.#db
      .selectFrom(holders.as('holders'))
      .select('name')
      .where('has', '=', 0)
      .orderBy('name')
      .limit(MOST_NAMES)
      .execute()
    return {
      holders: Number(counts.holders),
      withAnchor: Number(counts.having ?? 0),
      missing: missing.map(({ name }) => name),
    }
  }
}

const MOST_NAMES = 20
const HOLDER = sql<string>`coalesce(holder_id, 'device:' || device_id)`
const NAME = sql<string>`coalesce(holder_name, device_id)`
