import type { Database } from '../store/database.ts'
import { insert } from '../store/row-write.ts'
import { type RowWriter, rowWriter } from '../store/row-writer.ts'
import type { Receipt } from './receipt.ts'
import { INSERT_RECEIPT, type ReceiptRow, receiptOf, searchKey, stationKey } from './receipt-row.ts'

export interface ReceiptQuery {
  /** Name, in any case. */
  readonly user?: string | undefined
  readonly client?: string | undefined
  readonly outcome?: string | undefined
  /** Reason code. */
  readonly reason?: string | undefined
  /** Calling-Station-Id; a MAC address in any spelling. */
  readonly station?: string | undefined
  /** Milliseconds since the epoch, both included. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** At most 500. */
  readonly limit?: number | undefined
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export interface ReceiptPage {
  /** Newest first. */
  readonly items: readonly Receipt[]
  readonly next?: string
}

export interface Retention {
  readonly keepDays: number
  readonly maximumMegabytes: number
}

const MOST_IN_A_PAGE = 500
/** Accepts of one name looked through for one of the same realm. */
const MOST_NAMESAKES = 50
/** Rows deleted in one transaction: short enough that accounting does not wait for it. */
const MOST_DELETED = 1_000
const DAY = 86_400_000
const MEGABYTE = 1_000_000

/** Receipts in the database. Writes run in the store thread; reads may run on a reader connection. */
export class ReceiptStore {
  readonly #database: Database
  #writer: RowWriter | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * One durable transaction. A receipt that is stored already stays as it is. One that the database refuses is left out
   * and counted: it must not keep the others, or the journal, waiting.
   */
  async insert(rows: readonly ReceiptRow[]): Promise<{ refused: number }> {
    this.#writer ??= rowWriter(this.#database)
    try {
      await this.#writer.write(rows.map((row) => insert(INSERT_RECEIPT, row)))
      return { refused: 0 }
    } catch (error) {
      if (!this.#writer.isRowFault(error)) throw error
    }
    if (rows.length === 1) return { refused: 1 }
    let refused = 0
    for (const row of rows) refused += (await this.insert([row])).refused
    return { refused }
  }

  async get(id: string): Promise<Receipt | undefined> {
    const row = await this.#database.kysely
      .selectFrom('receipts')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirst()
    return row === undefined ? undefined : receiptOf(row.body)
  }

  async search(query: ReceiptQuery): Promise<ReceiptPage> {
    const limit = Math.min(query.limit ?? 50, MOST_IN_A_PAGE)
    let select = this.#database.kysely.selectFrom('receipts').select(['at', 'id', 'body'])
    if (query.user !== undefined) select = select.where('user_name', '=', searchKey(query.user))
    if (query.client !== undefined) select = select.where('client', '=', query.client)
    if (query.outcome !== undefined) select = select.where('outcome', '=', query.outcome)
    if (query.reason !== undefined) select = select.where('reason', '=', query.reason)
    if (query.station !== undefined) {
      select = select.where('calling_station_id', '=', stationKey(query.station))
    }
    if (query.since !== undefined) select = select.where('at', '>=', query.since)
    if (query.until !== undefined) select = select.where('at', '<=', query.until)
    const after = cursorOf(query.cursor)
    if (after !== undefined) {
      select = select.where((where) =>
        where.or([
          where('at', '<', after.at),
          where.and([where('at', '=', after.at), where('id', '<', after.id)]),
        ]),
      )
    }
    const rows = await select
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const items = page.map((row) => receiptOf(row.body))
    return rows.length > limit && last !== undefined ? { items, next: `${last.at}.${last.id}` } : { items }
  }

  /**
   * The last accept of the same user in the same realm through the same client before this receipt: what a failure is
   * compared with.
   */
  async lastAcceptBefore(receipt: Receipt): Promise<Receipt | undefined> {
    if (receipt.user === undefined) return undefined
    const { items } = await this.search({
      user: receipt.user,
      client: receipt.network.client,
      outcome: 'accept',
      cursor: `${receipt.at}.${receipt.id}`,
      limit: MOST_NAMESAKES,
    })
    return items.find((accept) => isSameAccount(accept, receipt))
  }

  /**
   * Deletes what is too old, then the oldest of what is too much; at most a thousand rows a call. Call it again while it
   * says that more is to do: the writer serves others between the calls.
   */
  async retain(retention: Retention, now: number): Promise<{ deleted: number; more: boolean }> {
    const old = await this.#delete(now - retention.keepDays * DAY)
    if (old > 0) return { deleted: old, more: old === MOST_DELETED }
    const { octets } = await this.#database.kysely
      .selectFrom('receipts')
      .select((column) => column.fn.sum<number | string | null>('size').as('octets'))
      .executeTakeFirstOrThrow()
    const excess = Number(octets ?? 0) - retention.maximumMegabytes * MEGABYTE
    if (excess <= 0) return { deleted: 0, more: false }
    const oldest = await this.#database.kysely
      .selectFrom('receipts')
      .select(['at', 'size'])
      .orderBy('at')
      .orderBy('id')
      .limit(MOST_DELETED)
      .execute()
    let freed = 0
    const enough = oldest.findIndex((row) => {
      freed += row.size
      return freed >= excess
    })
    const last = oldest[enough < 0 ? oldest.length - 1 : enough]
    const deleted = last === undefined ? 0 : await this.#delete(last.at + 1)
    return { deleted, more: deleted > 0 && freed < excess }
  }

  /** The oldest rows of before an instant. */
  async #delete(before: number): Promise<number> {
    const { kysely } = this.#database
    const { numDeletedRows } = await kysely
      .deleteFrom('receipts')
      .where('id', 'in', (select) =>
        select
          .selectFrom('receipts')
          .select('id')
          .where('at', '<', before)
          .orderBy('at')
          .orderBy('id')
          .limit(MOST_DELETED),
      )
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }
}

/** Without a realm in a receipt - TLS failed before anybody said who it is - the outer identity tells accounts apart. */
function isSameAccount({ facts }: Receipt, { facts: later }: Receipt): boolean {
  const realm = later.user?.realm
  return realm === undefined
    ? facts.auth?.outerIdentity === later.auth?.outerIdentity
    : facts.user?.realm === realm
}

function cursorOf(text: string | undefined): { at: number; id: string } | undefined {
  const [, at, id] = /^(\d{1,15})\.([0-9a-z]+)$/.exec(text ?? '') ?? []
  return at === undefined || id === undefined ? undefined : { at: Number(at), id }
}
