import type { Transaction } from 'kysely'
import type { DataUndo, DataWriter, RowImage } from '../../config/data-section.ts'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Database } from '../../store/database.ts'
import { nextUserRevision } from '../../store/revision.ts'
import type { Schema } from '../../store/schema.ts'
import { type MacImage, sameMac } from './mac-image.ts'
import { existing, putMac } from './mac-store.ts'

/** `before` null: create; `after` null: delete. */
export interface MacWrite {
  readonly before: MacImage | null
  readonly after: MacImage | null
}

/** Writes what `MacsSection` planned, and takes it back, inside the transaction that stores the version. */
export class MacWriter implements DataWriter<MacWrite> {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  async write(transaction: Transaction<Schema>, writes: readonly MacWrite[]): Promise<readonly RowImage[]> {
    if (writes.length === 0) return []
    const revision = await nextUserRevision(this.#database, transaction)
    const macs = writes.map(({ before, after }) => (before ?? after)?.mac ?? '')
    const rows = await existing(transaction, macs)
    const images: RowImage[] = []
    for (const [index, { before, after }] of writes.entries()) {
      const mac = macs[index] ?? ''
      const current = rows.get(mac) ?? null
      if (!sameMac(current, before)) {
        throw new RequestError('version-conflict', `The MAC address ${mac} was changed meanwhile.`, { mac })
      }
      await putMac(transaction, current, after, revision, this.#clock.now())
      images.push(rowImage(mac, current, after))
    }
    return images
  }

  async undo(transaction: Transaction<Schema>, images: readonly RowImage[]): Promise<DataUndo> {
    if (images.length === 0) return { images: [], leftAlone: [] }
    const revision = await nextUserRevision(this.#database, transaction)
    const undone: RowImage[] = []
    const leftAlone: string[] = []
    for (const { key, before, after } of images.toReversed()) {
      const current = (await existing(transaction, [key])).get(key) ?? null
      // Images of this section were written by this section.
      const restored = before as unknown as MacImage | null
      if (!sameMac(current, after as unknown as MacImage | null)) leftAlone.push(`macs/${key}`)
      else {
        await putMac(transaction, current, restored, revision, this.#clock.now())
        undone.push(rowImage(key, current, restored))
      }
    }
    return { images: undone, leftAlone }
  }
}

function rowImage(mac: string, before: MacImage | null, after: MacImage | null): RowImage {
  return { table: 'mac_addresses', key: mac, before: before && { ...before }, after: after && { ...after } }
}
