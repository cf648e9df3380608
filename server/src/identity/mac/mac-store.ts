import { type Kysely, sql, type Transaction } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import { normaliseMac } from '../../kernel/mac-address.ts'
import type { Database } from '../../store/database.ts'
import { nextUserRevision, recordDeletion } from '../../store/revision.ts'
import type { MacAddressTable, Schema } from '../../store/schema.ts'
import { imageOfRow, type MacImage, sameMac } from './mac-image.ts'

export interface MacPage {
  readonly macs: readonly MacAddressTable[]
  readonly next?: string
}

export interface MacQuery {
  /** A whole address in any format, or part of a description, owner or group. */
  readonly search?: string | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string | undefined
}

/** Most addresses of one import call: one transaction, some tens of milliseconds of the store thread. */
export const MOST_IN_ONE_IMPORT = 1000

/** Rows one search looks through: SQLite searches in the thread that asks, which has others to answer. */
const SEARCHED_AT_ONCE = 20_000

/** Rows asked for at once by address: engines limit the variables of a statement. */
const CHUNK = 500

/**
 * The rows of the MAC store. Every write gives the rows a new revision and is told to `changed` once it is durable.
 * Throws RequestError 'mac-exists', 'mac-not-found'.
 */
export class MacStore {
  readonly #database: Database
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #searchedAtOnce: number

  constructor(
    database: Database,
    clock: Clock,
    changed: () => void = () => {},
    searchedAtOnce = SEARCHED_AT_ONCE,
  ) {
    this.#database = database
    this.#clock = clock
    this.#changed = changed
    this.#searchedAtOnce = searchedAtOnce
  }

  get(mac: string): Promise<MacAddressTable | undefined> {
    return this.#database.kysely
      .selectFrom('mac_addresses')
      .selectAll()
      .where('mac', '=', mac)
      .executeTakeFirst()
  }

  /** In order of address. A search looks through a part of the rows at a time: a page may be empty and have a next one. */
  async list({ search = '', limit, after = '' }: MacQuery): Promise<MacPage> {
    const { kysely } = this.#database
    let query = kysely.selectFrom('mac_addresses').selectAll().where('mac', '>', after)
    const whole = normaliseMac(search)
    let boundary: string | undefined
    if (whole !== undefined) query = query.where('mac', '=', whole)
    else if (search !== '') {
      boundary = await this.#searchedUpTo(after)
      if (boundary !== undefined) query = query.where('mac', '<=', boundary)
      const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`
      query = query.where(
        sql<boolean>`(lower(description) like ${pattern} escape '\\' or lower(owner) like ${pattern} escape '\\'
          or lower(groups) like ${pattern} escape '\\' or mac like ${pattern} escape '\\')`,
      )
    }
    const rows = await query
      .orderBy('mac')
      .limit(limit + 1)
      .execute()
    const macs = rows.slice(0, limit)
    const next = rows.length > limit ? macs.at(-1)?.mac : boundary
    return next === undefined ? { macs } : { macs, next }
  }

  /** The last address one call searches; undefined where the rest is few enough. */
  async #searchedUpTo(after: string): Promise<string | undefined> {
    const last = await this.#database.kysely
      .selectFrom('mac_addresses')
      .select('mac')
      .where('mac', '>', after)
      .orderBy('mac')
      .offset(this.#searchedAtOnce - 1)
      .limit(1)
      .executeTakeFirst()
    return last?.mac
  }

  async create(image: MacImage): Promise<void> {
    await this.#write(async (transaction, revision) => {
      if ((await existing(transaction, [image.mac])).size > 0) {
        throw new RequestError('mac-exists', `The MAC address ${image.mac} is there already.`, {
          mac: image.mac,
        })
      }
      await putMac(transaction, null, image, revision, this.#clock.now())
    })
  }

  async change(mac: string, patch: Partial<Omit<MacImage, 'mac'>>): Promise<void> {
    await this.#write(async (transaction, revision) => {
      const current = (await existing(transaction, [mac])).get(mac)
      if (current === undefined) throw notFound(mac)
      await putMac(transaction, current, { ...current, ...patch }, revision, this.#clock.now())
    })
  }

  async delete(mac: string): Promise<void> {
    await this.#write(async (transaction, revision) => {
      const current = (await existing(transaction, [mac])).get(mac)
      if (current === undefined) throw notFound(mac)
      await putMac(transaction, current, null, revision, this.#clock.now())
    })
  }

  /** Adds or replaces; of one address given twice the last one counts. All or nothing. */
  async import(
    images: readonly MacImage[],
  ): Promise<{ readonly created: number; readonly changed: number; readonly unchanged: number }> {
    const wanted = new Map(images.map((image) => [image.mac, image]))
    const counts = { created: 0, changed: 0, unchanged: 0 }
    await this.#write(async (transaction, revision) => {
      const rows = await existing(transaction, [...wanted.keys()])
      const now = this.#clock.now()
      const created: MacAddressTable[] = []
      for (const image of wanted.values()) {
        const current = rows.get(image.mac)
        if (current === undefined) created.push({ ...image, revision, created_at: now, updated_at: now })
        else if (sameMac(current, image)) counts.unchanged++
        else {
          await putMac(transaction, current, image, revision, now)
          counts.changed++
        }
      }
      for (let at = 0; at < created.length; at += CHUNK)
        await transaction
          .insertInto('mac_addresses')
          .values(created.slice(at, at + CHUNK))
          .execute()
      counts.created = created.length
    })
    return counts
  }

  async #write(work: (transaction: Transaction<Schema>, revision: number) => Promise<void>): Promise<void> {
    const database = this.#database
    await database.kysely.transaction().execute(async (transaction) => {
      // First, because on PostgreSQL it is the lock that puts writers in a row.
      await work(transaction, await nextUserRevision(database, transaction))
    })
    this.#changed()
  }
}

/** Images of those of the addresses that are there. */
export async function existing(
  queries: Kysely<Schema> | Transaction<Schema>,
  macs: readonly string[],
): Promise<Map<string, MacImage>> {
  const images = new Map<string, MacImage>()
  for (let at = 0; at < macs.length; at += CHUNK) {
    const chunk = macs.slice(at, at + CHUNK)
    const rows = await queries.selectFrom('mac_addresses').selectAll().where('mac', 'in', chunk).execute()
    for (const row of rows) images.set(row.mac, imageOfRow(row))
  }
  return images
}

/** Writes one row: `after` null deletes it. */
export async function putMac(
  transaction: Transaction<Schema>,
  current: MacImage | null,
  after: MacImage | null,
  revision: number,
  now: number,
): Promise<void> {
  if (after === null) {
    if (current === null) return
    await transaction.deleteFrom('mac_addresses').where('mac', '=', current.mac).execute()
    await recordDeletion(transaction, 'mac', current.mac, revision)
  } else if (current === null) {
    const row = { ...after, revision, created_at: now, updated_at: now }
    await transaction.insertInto('mac_addresses').values(row).execute()
  } else {
    const row = { ...after, revision, updated_at: now }
    await transaction.updateTable('mac_addresses').set(row).where('mac', '=', current.mac).execute()
  }
}

function notFound(mac: string): RequestError {
  return new RequestError('mac-not-found', `There is no MAC address ${mac} in the MAC store.`, { mac })
}
