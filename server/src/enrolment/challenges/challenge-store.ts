import type { Insertable, Kysely, Selectable } from 'kysely'
import type { EnrolmentChallengeTable, Schema } from '../../store/schema.ts'
import { SharedTransactions } from '../../store/shared-transactions.ts'

export type ChallengeRecord = Selectable<EnrolmentChallengeTable>
export type NewChallenge = Omit<Insertable<EnrolmentChallengeTable>, 'used_at' | 'used_by'>

/** Told, because a retry of the transaction that used a challenge is no second use. */
export type ChallengeUse =
  | { readonly kind: 'used' | 'used-before'; readonly challenge: ChallengeRecord }
  | { readonly kind: 'spent' | 'expired'; readonly challenge: ChallengeRecord }
  | { readonly kind: 'unknown' }

/** Ended so long ago that nobody asks any more why it does not work. */
const KEPT_AFTER_END = 30 * 86_400_000

/** Challenges: secrets of one use, kept as hashes. */
export class ChallengeStore {
  readonly #db: Kysely<Schema>
  readonly #transactions: SharedTransactions

  constructor(db: Kysely<Schema>, transactions = new SharedTransactions(db)) {
    this.#db = db
    this.#transactions = transactions
  }

  /** Makes room first: rows long past their end go. The id of the new one. */
  async create(challenge: NewChallenge): Promise<number> {
    await this.#db
      .deleteFrom('enrolment_challenges')
      .where('expires_at', '<', challenge.created_at - KEPT_AFTER_END)
      .execute()
    const { id } = await this.#db
      .insertInto('enrolment_challenges')
      .values({ ...challenge, used_at: null, used_by: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  /** How many are neither used nor over. */
  async open(now: number): Promise<number> {
    const { count } = await this.#db
      .selectFrom('enrolment_challenges')
      .select((column) => column.fn.countAll<number>().as('count'))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  async find(hash: string): Promise<ChallengeRecord | undefined> {
    return await this.#db
      .selectFrom('enrolment_challenges')
      .selectAll()
      .where('hash', '=', hash)
      .executeTakeFirst()
  }

  /**
   * Uses a challenge up, in one statement: of many at the same time one succeeds.
   *
   * @param by the transaction; another use by the same one is a retry, also after the end
   */
  async use(hash: string, by: string, now: number): Promise<ChallengeUse> {
    const result = await this.#transactions.run((db) =>
      db
        .updateTable('enrolment_challenges')
        .set({ used_at: now, used_by: by })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst(),
    )
    const challenge = await this.find(hash)
    if (challenge === undefined) return { kind: 'unknown' }
    if (result.numUpdatedRows === 1n) return { kind: 'used', challenge }
    if (challenge.used_at === null) return { kind: 'expired', challenge }
    return { kind: challenge.used_by === by ? 'used-before' : 'spent', challenge }
  }

  /**
   * Notes the use of a challenge somebody else made, the first time it is seen: of many at the same time one succeeds.
   *
   * @param challenge with `used_by`, the transaction; another use by the same one is a retry
   */
  async useForeign(challenge: NewChallenge & { readonly used_by: string }): Promise<ChallengeUse> {
    const result = await this.#transactions.run((db) =>
      db
        .insertInto('enrolment_challenges')
        .values({ ...challenge, used_at: challenge.created_at })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .executeTakeFirst(),
    )
    const found = await this.find(challenge.hash)
    if (found === undefined) return { kind: 'unknown' }
    if (result.numInsertedOrUpdatedRows === 1n) return { kind: 'used', challenge: found }
    return { kind: found.used_by === challenge.used_by ? 'used-before' : 'spent', challenge: found }
  }

  /** The latest first. */
  async list(limit: number): Promise<ChallengeRecord[]> {
    return await this.#db
      .selectFrom('enrolment_challenges')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  }

  /** False where there is none that could still be used. */
  async delete(id: number): Promise<boolean> {
    const result = await this.#db
      .deleteFrom('enrolment_challenges')
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    return result.numDeletedRows === 1n
  }
}
