import type { DirectoryEntry } from '../directory.ts'
import { allOf } from './directory-objects.ts'
import { type GroupRow, isSame, type UserRow, userRow } from './object-row.ts'
import { pagesOf } from './sync-pages.ts'
import type { SyncParts } from './sync-parts.ts'
import { inBatches, type SyncWriter } from './sync-writer.ts'

/** Reads users, all or those `since` matches, and writes the new and different ones. Resolves to the ids of all it read. */
export async function readUsers(
  parts: SyncParts,
  writer: SyncWriter,
  since: string | undefined,
  later: (entry: DirectoryEntry) => void,
): Promise<Set<string>> {
  const { source, session, objects, known, affected, marks, clock } = parts
  const seen = new Set<string>()
  const query = {
    base: source.baseDn,
    filter: allOf(objects.userFilter, since),
    attributes: [...objects.userAttributes, marks.attribute],
    pageSize: source.sync.pageSize,
  }
  for await (const entries of pagesOf(session, query)) {
    entries.forEach(later)
    const users = entries.flatMap((entry) => objects.user(entry) ?? [])
    const before = await known.users(users.map(({ id }) => id))
    const rows = users.map((user) => userRow(source.name, user, clock.now()))
    for (const { id } of rows) seen.add(id)
    for (const batch of inBatches(newOnes(rows, before))) {
      const old = batch.flatMap(({ id }) => before.get(id) ?? [])
      const facts = affected.ofUsers([...old, ...batch.filter(({ id }) => before.has(id))])
      await writer.write({ users: batch, moved: movedOnes(parts, batch, before), facts })
      writer.counts.added += batch.length - old.length
      writer.counts.changed += old.length
    }
    await writer.read(entries.length)
  }
  return seen
}

/** Those that are not stored, or not so. */
export function newOnes<Row extends UserRow | GroupRow>(
  rows: readonly Row[],
  before: ReadonlyMap<string, Row>,
): readonly Row[] {
  return rows.filter((row) => {
    const old = before.get(row.id)
    return old === undefined || !isSame(row, old)
  })
}

/** Memberships follow whom they are about, where the directory does the same without a word. */
export function movedOnes(
  { objects }: Pick<SyncParts, 'objects'>,
  rows: readonly (UserRow | GroupRow)[],
  before: ReadonlyMap<string, UserRow | GroupRow>,
): { readonly from: string; readonly to: string }[] {
  if (!objects.keepsLinks) return []
  return rows.flatMap(({ id, dn_key }) => {
    const from = before.get(id)?.dn_key
    return from === undefined || from === dn_key ? [] : [{ from, to: dn_key }]
  })
}
