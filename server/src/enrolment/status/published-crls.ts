import { createHash } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import type { CrlStore, StoredCrl } from './crl-store.ts'

/** A list as it is served. */
export interface ServedCrl {
  readonly number: number
  readonly der: Buffer
  readonly etag: string
  readonly thisUpdate: number
  readonly nextUpdate: number
}

/** The newest CRLs in memory: what is fetched by everybody is read from the database once. */
export class PublishedCrls {
  readonly #read: CrlStore
  readonly #clock: Clock
  #lists: ReadonlyMap<string, ServedCrl> = new Map()

  constructor(read: CrlStore, clock: Clock) {
    this.#read = read
    this.#clock = clock
  }

  /** Reads what is newer than what is here. */
  async refresh(): Promise<void> {
    const lists = new Map<string, ServedCrl>()
    for (const { issuer_key: issuerKey, kind, number } of await this.#read.heads()) {
      const key = `${issuerKey} ${kind}`
      const known = this.#lists.get(key)
      const list = known?.number === number ? known : served(await this.#read.find(issuerKey, kind))
      if (list !== undefined) lists.set(key, list)
    }
    this.#lists = lists
  }

  /** `ended`: there is one that nobody may use any more. */
  find(issuerKey: string, kind: StoredCrl['kind']): ServedCrl | 'ended' | undefined {
    const list = this.#lists.get(`${issuerKey} ${kind}`)
    return list === undefined || this.#clock.now() < list.nextUpdate ? list : 'ended'
  }

  /** All of them, ended or not; `key` is `<issuer key> <kind>`. */
  all(): ReadonlyMap<string, ServedCrl> {
    return this.#lists
  }
}

function served(row: StoredCrl | undefined): ServedCrl | undefined {
  if (row === undefined) return undefined
  const der = Buffer.from(row.der)
  const etag = `"${createHash('sha1').update(der).digest('hex')}"`
  return { number: row.number, der, etag, thisUpdate: row.this_update, nextUpdate: row.next_update }
}
