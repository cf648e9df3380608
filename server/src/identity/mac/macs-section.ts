import type { DataPlan, DataPlanContext, DataSection } from '../../config/data-section.ts'
import type { FieldChange, ObjectChange } from '../../config/difference.ts'
import type { Problem } from '../../config/problem.ts'
import { formatMac } from '../../kernel/mac-address.ts'
import type { Database } from '../../store/database.ts'
import { imageOfRow, itemOf, type MacImage, macImage, sameMac } from './mac-image.ts'
import { type MacItem, macItemSchema } from './mac-item.ts'
import { existing } from './mac-store.ts'
import type { MacWrite } from './mac-writes.ts'

/** A document for people; more than this many are for `sallyport macs export`. */
const MOST_IN_A_DOCUMENT = 10_000

/** `macs:` of the document. An address in it is described whole: what is left out has its default. */
export class MacsSection implements DataSection<MacItem, MacWrite> {
  readonly name = 'macs'
  readonly schema = macItemSchema
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async plan(items: readonly MacItem[], { prune }: DataPlanContext): Promise<DataPlan<MacWrite>> {
    const wanted = new Map<string, MacImage>()
    const problems: Problem[] = []
    for (const [index, item] of items.entries()) {
      const image = macImage(item)
      if (wanted.has(image.mac)) {
        const message = `The MAC address ${formatMac(image.mac)} is in the list twice.`
        problems.push({ path: `macs/${index}`, severity: 'error', code: 'duplicate-name', message })
      }
      wanted.set(image.mac, image)
    }
    const current = prune ? await this.#all() : await existing(this.#database.kysely, [...wanted.keys()])
    const planned: MacWrite[] = [...wanted].map(([mac, after]) => ({
      before: current.get(mac) ?? null,
      after,
    }))
    for (const [mac, before] of current) if (!wanted.has(mac)) planned.push({ before, after: null })
    return {
      changes: planned.map(changeOf),
      problems,
      writes: planned.filter(({ before, after }) => !sameMac(before, after)),
    }
  }

  /** Undefined where there are too many for a document: a part of them would be taken for all by `apply --prune`. */
  async export(): Promise<readonly MacItem[] | undefined> {
    const rows = await this.#database.kysely
      .selectFrom('mac_addresses')
      .selectAll()
      .orderBy('mac')
      .limit(MOST_IN_A_DOCUMENT + 1)
      .execute()
    if (rows.length > MOST_IN_A_DOCUMENT) return undefined
    return rows.map((row) => ({ ...itemOf(imageOfRow(row)), mac: formatMac(row.mac) }))
  }

  async #all(): Promise<Map<string, MacImage>> {
    const rows = await this.#database.kysely.selectFrom('mac_addresses').selectAll().orderBy('mac').execute()
    return new Map(rows.map((row) => [row.mac, imageOfRow(row)]))
  }
}

function changeOf({ before, after }: MacWrite): ObjectChange {
  const section = 'macs'
  const name = formatMac((after ?? before)?.mac ?? '')
  if (before === null) return { section, name, action: 'create' }
  if (after === null) return { section, name, action: 'delete' }
  if (sameMac(before, after)) return { section, name, action: 'unchanged' }
  const [old, now] = [itemOf(before), itemOf(after)]
  const fields = (Object.keys({ ...old, ...now }) as (keyof MacItem)[]) // keys of MacItem
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
    .map(
      (path): FieldChange => ({
        path,
        ...(old[path] === undefined ? {} : { before: old[path] }),
        ...(now[path] === undefined ? {} : { after: now[path] }),
      }),
    )
  return { section, name, action: 'change', fields }
}
