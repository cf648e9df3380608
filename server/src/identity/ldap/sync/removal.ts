import { reason } from '../../../reasons/index.ts'
import type { StoredGroup, StoredUser } from './directory-object-reader.ts'
import { allOf } from './directory-objects.ts'
import { pagesOf } from './sync-pages.ts'
import type { ObjectKind, SyncParts } from './sync-parts.ts'
import { LDAP_RESULT, SyncStopped } from './sync-stopped.ts'
import { inBatches, type SyncWriter } from './sync-writer.ts'

/** So few are believed to be gone, however small the directory. */
const FEW = 5
const TABLES = { users: 'directory_users', groups: 'directory_groups' } as const

/** Deletes what a directory no longer has. A base, a filter or a right that was changed by mistake must not empty the store. */
export class Removal {
  readonly #parts: SyncParts
  readonly #writer: SyncWriter

  constructor(parts: SyncParts, writer: SyncWriter) {
    this.#parts = parts
    this.#writer = writer
  }

  /** After a full look: whatever it did not see. */
  async missing(kind: ObjectKind, seen: ReadonlySet<string>): Promise<void> {
    const missing: string[] = []
    let known = 0
    for await (const ids of this.#parts.known.ids(TABLES[kind])) {
      known += ids.length
      for (const id of ids) if (!seen.has(id)) missing.push(id)
    }
    this.#refuseMany(kind, missing.length, known)
    await this.#remove(kind, missing)
  }

  /** After a look at changes: what changed and is not where it is looked for any more, and what the directory says it deleted. */
  async gone(since: string, users: ReadonlySet<string>, groups: ReadonlySet<string>): Promise<void> {
    const { objects, known } = this.#parts
    const deleted = objects.keepsLinks ? await this.#ids(allOf('(isDeleted=TRUE)', since), true) : []
    for (const [kind, seen, filter] of [
      ['users', users, objects.everyUserFilter],
      ['groups', groups, objects.groupFilter],
    ] as const) {
      const changed = await this.#ids(allOf(filter, since), false)
      const candidates = [...new Set([...changed, ...deleted])].filter((id) => !seen.has(id))
      const gone: string[] = []
      for (const some of inBatches(candidates)) gone.push(...(await known[kind](some)).keys())
      if (gone.length > 0) this.#refuseMany(kind, gone.length, await known.count(TABLES[kind]))
      await this.#remove(kind, gone)
    }
  }

  /** Anywhere in the directory. Where the service account may not look, a full look finds out later. */
  async #ids(filter: string, showDeleted: boolean): Promise<readonly string[]> {
    const { session, server, objects } = this.#parts
    const ids: string[] = []
    const query = {
      base: server.context,
      filter,
      attributes: [objects.idAttribute],
      pageSize: 500,
      showDeleted,
    }
    try {
      for await (const entries of pagesOf(session, query)) {
        ids.push(...entries.flatMap((entry) => objects.id(entry) ?? []))
      }
    } catch (error) {
      const isHidden =
        error instanceof SyncStopped &&
        (error.result === LDAP_RESULT.noSuchObject || error.result === LDAP_RESULT.insufficientAccess)
      if (!isHidden) throw error
    }
    return ids
  }

  #refuseMany(kind: ObjectKind, deleted: number, known: number): void {
    const { source, session, isForced } = this.#parts
    const isAll = deleted > 0 && deleted === known
    const isMany = deleted > FEW && deleted > (known * source.sync.maximumDeletedPercent) / 100
    if (isForced || !(isAll || isMany)) return
    throw new SyncStopped(
      reason('directory-sync-many-deletions', { server: session.server, kind, deleted, known }),
    )
  }

  async #remove(kind: ObjectKind, ids: readonly string[]): Promise<void> {
    const { known, affected, objects } = this.#parts
    for (const some of inBatches(ids)) {
      const rows: (StoredUser | StoredGroup)[] = [...(await known[kind](some)).values()]
      // Where the directory keeps links by itself, it has deleted these too, and no group says so.
      const goneMembers = objects.keepsLinks ? rows.map(({ dn_key }) => dn_key) : []
      if (kind === 'users') {
        const facts = affected.ofUsers(
          rows.map((row) => ({ name: row.name, upn: 'upn' in row ? row.upn : null })),
        )
        await this.#writer.write({ goneUsers: some, goneMembers, facts })
      } else {
        await this.#writer.write({ goneGroups: some, goneMembers, facts: affected.ofGroups(rows) })
      }
      this.#writer.counts.deleted += some.length
    }
  }
}
