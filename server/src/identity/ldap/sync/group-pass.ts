import type { FactChange } from '../../../store/fact-change.ts'
import type { DirectoryEntry } from '../directory.ts'
import { allOf } from './directory-objects.ts'
import { memberKeys } from './member-keys.ts'
import { groupRow, type MembershipRow } from './object-row.ts'
import { pagesOf } from './sync-pages.ts'
import type { SyncParts } from './sync-parts.ts'
import { inBatches, type SyncWriter } from './sync-writer.ts'
import { movedOnes, newOnes } from './user-pass.ts'

/** Each comes with its members, up to 1500 of them in Active Directory. */
const GROUPS_IN_PAGE = 50

/** Reads groups with their members, all or those `since` matches, and writes what is new and different. */
export class GroupPass {
  readonly #parts: SyncParts
  readonly #writer: SyncWriter

  constructor(parts: SyncParts, writer: SyncWriter) {
    this.#parts = parts
    this.#writer = writer
  }

  /** Resolves to the ids of all groups it read. */
  async read(since: string | undefined, later: (entry: DirectoryEntry) => void): Promise<Set<string>> {
    const { source, session, server, objects, marks } = this.#parts
    const seen = new Set<string>()
    const query = {
      base: source.sync.groupBaseDn ?? server.context,
      filter: allOf(objects.groupFilter, since),
      attributes: [...objects.groupAttributes, ...objects.memberAttributes, marks.attribute],
      pageSize: Math.min(source.sync.pageSize, GROUPS_IN_PAGE),
    }
    for await (const entries of pagesOf(session, query)) {
      entries.forEach(later)
      for (const id of await this.#page(entries)) seen.add(id)
      await this.#writer.read(entries.length)
    }
    return seen
  }

  async #page(entries: readonly DirectoryEntry[]): Promise<readonly string[]> {
    const { source, objects, known, affected, clock } = this.#parts
    const found = entries.flatMap((entry) => {
      const group = objects.group(entry)
      return group === undefined ? [] : [{ entry, row: groupRow(source.name, group, clock.now()) }]
    })
    const ids = found.map(({ row }) => row.id)
    const before = await known.groups(ids)
    const groups = newOnes(
      found.map(({ row }) => row),
      before,
    )
    const old = groups.flatMap((row) => before.get(row.id) ?? [])
    const names = new Map(groups.map(({ id, name }) => [id, name]))
    const facts = affected.ofGroups(old.filter(({ id, name }) => names.get(id) !== name))
    if (groups.length > 0)
      await this.#writer.write({ groups, moved: movedOnes(this.#parts, groups, before), facts })
    this.#writer.counts.added += groups.length - old.length
    this.#writer.counts.changed += old.length
    for (const { entry, row } of found) await this.#members(entry, row.id)
    return ids
  }

  async #members(entry: DirectoryEntry, group: string): Promise<void> {
    const { session, objects, known } = this.#parts
    const before = await known.members(group)
    const left = new Set(before)
    const joined = new Set<string>()
    for await (const keys of memberKeys(session, entry, objects.memberAttributes)) {
      for (const key of keys) {
        left.delete(key)
        if (!before.has(key)) joined.add(key)
      }
    }
    await this.#write(group, [...joined], 'joined')
    // Only now: whatever is missing was not in any part.
    await this.#write(group, [...left], 'left')
  }

  async #write(group: string, keys: readonly string[], what: 'joined' | 'left'): Promise<void> {
    const { source } = this.#parts
    for (const some of inBatches(keys)) {
      const rows = some.map(
        (member_key): MembershipRow => ({ source: source.name, group_id: group, member_key }),
      )
      await this.#writer.write({ [what]: rows, facts: await this.#facts(some) })
      this.#writer.counts[what] += some.length
    }
  }

  async #facts(keys: readonly string[]): Promise<readonly FactChange[]> {
    const { affected, isFirst } = this.#parts
    return isFirst ? [] : await affected.ofMembers(keys)
  }
}
