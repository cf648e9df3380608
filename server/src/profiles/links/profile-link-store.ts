import type { Insertable, Kysely, Selectable } from 'kysely'
import type { ProfileLinkTable, Schema } from '../../store/schema.ts'
import { SharedTransactions } from '../../store/shared-transactions.ts'

export type LinkRecord = Selectable<ProfileLinkTable>
export type NewLink = Omit<Insertable<ProfileLinkTable>, 'used_at' | 'used_from' | 'used_for'>

/** Which secret somebody showed. */
export type LinkSecret = { readonly tokenHash: string } | { readonly codeMark: string }

export interface LinkUse {
  readonly at: number
  readonly from: string
  /** Connection and output. */
  readonly for: string
}

export interface LinkBounds {
  /** Unused ones of everybody. */
  readonly most: number
  /** Made for one person within a day. */
  readonly mostOfHolder: number
}

const DAY = 86_400_000
/** Ended so long ago that nobody asks any more what became of it. */
const KEPT_AFTER_END = 30 * DAY

/** Links of one use; their secrets are kept as hashes alone. */
export class ProfileLinkStore {
  readonly #db: Kysely<Schema>
  readonly #transactions: SharedTransactions

  constructor(db: Kysely<Schema>, transactions = new SharedTransactions(db)) {
    this.#db = db
    this.#transactions = transactions
  }

  /** Makes room first: rows long past their end go. The id of the new one; undefined: there are too many. */
  async create(link: NewLink, { most, mostOfHolder }: LinkBounds): Promise<number | undefined> {
    const { created_at: now, holder_id: holder } = link
    return await this.#transactions.run(async (db) => {
      await db
        .deleteFrom('profile_links')
        .where('expires_at', '<', now - KEPT_AFTER_END)
        .execute()
      const { open } = await db
        .selectFrom('profile_links')
        .select((column) => column.fn.countAll<number>().as('open'))
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      const { recent } = await db
        .selectFrom('profile_links')
        .select((column) => column.fn.countAll<number>().as('recent'))
        .where('holder_id', '=', holder)
        .where('created_at', '>', now - DAY)
        .executeTakeFirstOrThrow()
      if (Number(open) >= most || Number(recent) >= mostOfHolder) return undefined
      const { id } = await db
        .insertInto('profile_links')
        .values({ ...link, used_at: null, used_from: null, used_for: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    })
  }

  /** Used and ended ones are found as well. */
  async find(secret: LinkSecret): Promise<LinkRecord | undefined> {
    return await this.#db
      .selectFrom('profile_links')
      .selectAll()
      .where((where) =>
        'tokenHash' in secret
          ? where('token_hash', '=', secret.tokenHash)
          : where('code_mark', '=', secret.codeMark),
      )
      .executeTakeFirst()
  }

  /** Uses a link up, in one statement: of many at the same time one succeeds. It is durable when this resolves. */
  async use(id: number, { at, from, for: what }: LinkUse): Promise<boolean> {
    const result = await this.#transactions.run((db) =>
      db
        .updateTable('profile_links')
        .set({ used_at: at, used_from: from, used_for: what })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .where('expires_at', '>', at)
        .executeTakeFirst(),
    )
    return result.numUpdatedRows === 1n
  }

  /** Nothing was handed out for this use: the link is good again until its end. */
  async giveBack(id: number, { at, from }: Pick<LinkUse, 'at' | 'from'>): Promise<void> {
    await this.#db
      .updateTable('profile_links')
      .set({ used_at: null, used_from: null, used_for: null })
      .where('id', '=', id)
      .where('used_at', '=', at)
      .where('used_from', '=', from)
      .execute()
  }

  /** The latest first. */
  async list(limit: number): Promise<LinkRecord[]> {
    return await this.#db.selectFrom('profile_links').selectAll().orderBy('id', 'desc').limit(limit).execute()
  }

  /** False where there is none that could still be used. */
  async delete(id: number): Promise<boolean> {
    const result = await this.#db
      .deleteFrom('profile_links')
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    return result.numDeletedRows === 1n
  }
}
