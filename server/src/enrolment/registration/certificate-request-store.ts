import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { CertificateRequestTable, Schema } from '../../store/schema.ts'
import { SharedTransactions } from '../../store/shared-transactions.ts'

export type CertificateRequestRecord = Selectable<CertificateRequestTable>

export type RequestIntent = Pick<
  CertificateRequestRecord,
  | 'transaction_key'
  | 'protocol'
  | 'template'
  | 'requester'
  | 'holder_id'
  | 'device_id'
  | 'key_hash'
  | 'days'
  | 'requester_data'
  | 'request'
  | 'renews'
  | 'created_at'
> & {
  readonly status: 'pending' | 'approved'
  /** A renewal may go on with the key its holder has. */
  readonly mayReuseKey: boolean
  /** Certificates of the template the holder may have; undefined: as many as are asked for. */
  readonly most?: number
  /** Renewals of the template the holder may make in a day: each leaves a row. */
  readonly mostRenewals: number
}

export type Opened =
  | { readonly kind: 'new' | 'known'; readonly record: CertificateRequestRecord }
  | { readonly kind: 'key-taken' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'too-often' }

export interface RequestFilter {
  readonly status?: CertificateRequestRecord['status'] | undefined
  /** Part of the requester's or the template's name, in any case. */
  readonly search?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export interface RequestPage {
  readonly rows: readonly CertificateRequestRecord[]
  readonly next?: string
}

/** What was approved and never issued does not count against its holder for ever. */
const FORGOTTEN_AFTER = 3_600_000

/** Requests for certificates: one transaction, one row, one answer. */
export class CertificateRequestStore {
  readonly #db: Kysely<Schema>
  readonly #transactions: SharedTransactions

  constructor(db: Kysely<Schema>, transactions = new SharedTransactions(db)) {
    this.#db = db
    this.#transactions = transactions
  }

  /**
   * Notes a request, or finds the one of the same transaction. Counting and noting is one step, one after the other on
   * all nodes: fifty requests at once get what one after the other would get. Whoever opens what needs no approval has
   * claimed it, too.
   */
  async open(intent: RequestIntent): Promise<Opened> {
    const { mayReuseKey: _, most, mostRenewals, ...values } = intent
    return await this.#transactions.run(async (transaction) => {
      await transaction
        .updateTable('revisions')
        .set((column) => ({ value: column('value', '+', 1) }))
        .where('name', '=', 'certificate-requests')
        .execute()
      const known = await transaction
        .selectFrom('certificate_requests')
        .selectAll()
        .where('transaction_key', '=', values.transaction_key)
        .executeTakeFirst()
      if (known !== undefined) return { kind: 'known', record: known }
      if (await keyIsTaken(transaction, intent)) return { kind: 'key-taken' }
      if (most !== undefined && (await countOf(transaction, intent)) >= most) return { kind: 'too-many' }
      if (values.renews !== null && (await renewalsOf(transaction, intent)) >= mostRenewals) {
        return { kind: 'too-often' }
      }
      const record = await transaction
        .insertInto('certificate_requests')
        .values({
          ...values,
          ...{ serial: null, decided_at: null, decided_by: null, note: null },
          claimed_at: values.status === 'approved' ? values.created_at : null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return { kind: 'new', record }
    })
  }

  /** True for exactly one caller: who issues it. A claim older than `stale` is of somebody who crashed. */
  async claim(id: number, at: number, stale: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#transactions.run((transaction) =>
      transaction
        .updateTable('certificate_requests')
        .set({ claimed_at: at })
        .where('id', '=', id)
        .where('status', '=', 'approved')
        .where((where) => where.or([where('claimed_at', 'is', null), where('claimed_at', '<=', stale)]))
        .executeTakeFirst(),
    )
    return numUpdatedRows === 1n
  }

  /** Nothing was issued; the next who asks may try. */
  async release(id: number): Promise<void> {
    await this.#db
      .updateTable('certificate_requests')
      .set({ claimed_at: null })
      .where('id', '=', id)
      .where('status', '=', 'approved')
      .execute()
  }

  /** The certificate is out; what it replaces is noted with it. */
  async finish(id: number, serial: string, superseded: readonly string[]): Promise<void> {
    await this.#transactions.run(async (transaction) => {
      await transaction
        .updateTable('certificate_requests')
        .set({ status: 'issued', serial })
        .where('id', '=', id)
        .execute()
      if (superseded.length === 0) return
      await transaction
        .updateTable('certificates')
        .set({ superseded_by: serial })
        .where('serial', 'in', superseded)
        .where('serial', '!=', serial)
        .where('superseded_by', 'is', null)
        .execute()
    })
  }

  /** False where it is decided already. */
  async decide(
    id: number,
    decision: { status: 'approved' | 'denied'; by: string; note: string | null; at: number },
  ): Promise<boolean> {
    const { status, by, note, at } = decision
    const { numUpdatedRows } = await this.#db
      .updateTable('certificate_requests')
      .set({ status, decided_by: by, note, decided_at: at })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }

  /** What was approved turned out not to be issuable. */
  async reject(id: number, note: string, at: number): Promise<void> {
    await this.#db
      .updateTable('certificate_requests')
      .set({ status: 'denied', note, decided_at: at })
      .where('id', '=', id)
      .where('status', '=', 'approved')
      .execute()
  }

  async find(id: number): Promise<CertificateRequestRecord | undefined> {
    return await this.#db
      .selectFrom('certificate_requests')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
  }

  /** Serial of the certificate that was issued for it, whether or not that was noted here. */
  async issuedSerial(id: number): Promise<string | undefined> {
    const found = await this.#db
      .selectFrom('certificates')
      .select('serial')
      .where('request_id', '=', id)
      .where('status', '!=', 'recorded')
      .executeTakeFirst()
    return found?.serial
  }

  /** Serials of valid certificates the holder has by these templates. */
  async held(
    holder: { readonly id: string | null; readonly device: string | null },
    templates: readonly string[],
    now: number,
  ): Promise<string[]> {
    if (templates.length === 0 || (holder.id === null && holder.device === null)) return []
    const rows = await this.#db
      .selectFrom('certificates')
      .select('serial')
      .where('template', 'in', templates)
      .where('status', '=', 'issued')
      .where('not_after', '>', now)
      .where('superseded_by', 'is', null)
      .$if(holder.device !== null, (query) => query.where('device_id', '=', holder.device))
      .$if(holder.device === null, (query) => query.where('holder_id', '=', holder.id))
      .execute()
    return rows.map(({ serial }) => serial)
  }

  /** The latest first. */
  async list({ status, search = '', limit, cursor }: RequestFilter): Promise<RequestPage> {
    let query = this.#db.selectFrom('certificate_requests').selectAll()
    if (status !== undefined) query = query.where('status', '=', status)
    if (search !== '') {
      const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
      query = query.where((where) =>
        where.or([
          // SQLite has no escape character unless one is named.
          sql<boolean>`lower(requester) like ${pattern} escape '\\'`,
          sql<boolean>`lower(template) like ${pattern} escape '\\'`,
        ]),
      )
    }
    if (cursor !== undefined && /^\d{1,15}$/.test(cursor)) query = query.where('id', '<', Number(cursor))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const last = rows[limit - 1]
    if (rows.length <= limit || last === undefined) return { rows }
    return { rows: rows.slice(0, limit), next: String(last.id) }
  }
}

/** A key is certified once; one that waits to be certified counts too. */
async function keyIsTaken(transaction: Transaction<Schema>, intent: RequestIntent): Promise<boolean> {
  const certified = await transaction
    .selectFrom('certificates')
    .select(['holder_id', 'device_id'])
    .where('key_hash', '=', intent.key_hash)
    .where('status', '!=', 'recorded')
    .execute()
  const waiting = await transaction
    .selectFrom('certificate_requests')
    .select(['holder_id', 'device_id'])
    .where('key_hash', '=', intent.key_hash)
    .where('status', 'in', ['pending', 'approved'])
    .execute()
  const others = [...certified, ...waiting]
  if (!intent.mayReuseKey) return others.length > 0
  return others.some(
    ({ holder_id, device_id }) => holder_id !== intent.holder_id || device_id !== intent.device_id,
  )
}

const DAY = 86_400_000

/** Of the last day. Where there is neither account nor device, by whoever asked. */
async function renewalsOf(transaction: Transaction<Schema>, intent: RequestIntent): Promise<number> {
  const { template, holder_id: holder, device_id: device, requester, created_at: now } = intent
  const { count } = await transaction
    .selectFrom('certificate_requests')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('template', '=', template)
    .where('renews', 'is not', null)
    .where('created_at', '>', now - DAY)
    .$if(device !== null, (query) => query.where('device_id', '=', device))
    .$if(device === null && holder !== null, (query) => query.where('holder_id', '=', holder))
    .$if(device === null && holder === null, (query) => query.where('requester', '=', requester))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Valid certificates of the template, and requests that may become some. A renewal takes the place of what it renews. */
async function countOf(transaction: Transaction<Schema>, intent: RequestIntent): Promise<number> {
  const { template, holder_id: holder, device_id: device, renews, created_at: now } = intent
  if (holder === null && device === null) return 0
  const { held } = await transaction
    .selectFrom('certificates')
    .select((column) => column.fn.countAll<number>().as('held'))
    .where('template', '=', template)
    .where('status', 'in', ['issued', 'held'])
    .where('not_after', '>', now)
    .where('superseded_by', 'is', null)
    .$if(device !== null, (query) => query.where('device_id', '=', device))
    .$if(device === null, (query) => query.where('holder_id', '=', holder))
    .$if(renews !== null, (query) => query.where('serial', '!=', renews))
    .executeTakeFirstOrThrow()
  const { open } = await transaction
    .selectFrom('certificate_requests')
    .select((column) => column.fn.countAll<number>().as('open'))
    .where('template', '=', template)
    .where((where) =>
      where.or([
        where('status', '=', 'pending'),
        where.and([where('status', '=', 'approved'), where('created_at', '>', now - FORGOTTEN_AFTER)]),
      ]),
    )
    .$if(device !== null, (query) => query.where('device_id', '=', device))
    .$if(device === null, (query) => query.where('holder_id', '=', holder))
    .executeTakeFirstOrThrow()
  return Number(held) + Number(open)
}
