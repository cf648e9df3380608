import type { Transaction } from 'kysely'
import type { DataUndo, DataWriter, RowImage } from '../../config/data-section.ts'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Database } from '../../store/database.ts'
import { nextUserRevision, recordDeletion } from '../../store/revision.ts'
import type { Schema } from '../../store/schema.ts'
import { directGroups, existingGroups, type Queries, setGroupsOfUser } from './memberships.ts'
import { sameImage, type UserImage, userImage } from './user-image.ts'

/** `before` null: create; `after` null: delete. */
export interface UserWrite {
  readonly before: UserImage | null
  readonly after: UserImage | null
}

const TABLE = 'users'

/** Writes what `UsersSection` planned, and takes it back, inside the transaction that stores the version. */
export class UserWriter implements DataWriter<UserWrite> {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  async write(transaction: Transaction<Schema>, writes: readonly UserWrite[]): Promise<readonly RowImage[]> {
    if (writes.length === 0) return []
    const revision = await nextUserRevision(this.#database, transaction)
    const images: RowImage[] = []
    for (const { before, after } of writes) {
      const key = (before ?? after)?.name_key ?? ''
      const current = await currentImage(transaction, 'name_key', key)
      if (!(await matches(transaction, current, before))) {
        throw new RequestError('version-conflict', `The user '${key}' was changed meanwhile.`, { user: key })
      }
      await this.#put(transaction, current, after, revision)
      images.push({ table: TABLE, key: (before ?? after)?.id ?? '', before: current, after })
    }
    return images
  }

  async undo(transaction: Transaction<Schema>, images: readonly RowImage[]): Promise<DataUndo> {
    if (images.length === 0) return { images: [], leftAlone: [] }
    const revision = await nextUserRevision(this.#database, transaction)
    const undone: RowImage[] = []
    const leftAlone: string[] = []
    for (const image of images.toReversed()) {
      // Images of this section were written by this section.
      const before = image.before as UserImage | null
      const after = image.after as UserImage | null
      const current = await currentImage(transaction, 'id', image.key)
      const taken = current === null && before !== null && (await isTaken(transaction, before.name_key))
      if (taken || !(await matches(transaction, current, after))) {
        leftAlone.push(`users/${(after ?? before)?.name}`)
        continue
      }
      const restored = before && { ...before, groups: await existingGroups(transaction, before.groups) }
      await this.#put(transaction, current, restored, revision)
      undone.push({ table: TABLE, key: image.key, before: current, after: restored })
    }
    return { images: undone, leftAlone }
  }

  async #put(
    transaction: Transaction<Schema>,
    current: UserImage | null,
    after: UserImage | null,
    revision: number,
  ): Promise<void> {
    if (after === null) {
      if (current === null) return
      await transaction.deleteFrom('users').where('id', '=', current.id).execute()
      await recordDeletion(transaction, 'user', current.id, revision)
      return
    }
    const { groups, ...columns } = after
    const now = this.#clock.now()
    if (current === null) {
      const counters = { failures: 0, last_failure_at: null, locked_until: null }
      const row = { ...columns, ...counters, revision, created_at: now, updated_at: now }
      await transaction.insertInto('users').values(row).execute()
    } else {
      const row = { ...columns, revision, updated_at: now }
      await transaction.updateTable('users').set(row).where('id', '=', after.id).execute()
    }
    await setGroupsOfUser(transaction, after.id, groups)
  }
}

async function currentImage(
  queries: Queries,
  column: 'id' | 'name_key',
  value: string,
): Promise<UserImage | null> {
  const row = await queries.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst()
  if (row === undefined) return null
  return userImage(row, (await directGroups(queries, [row.id])).get(row.id) ?? [])
}

/** Whether the row is what it is thought to be. Groups that are gone by now are no difference. */
async function matches(
  queries: Queries,
  current: UserImage | null,
  expected: UserImage | null,
): Promise<boolean> {
  if (current === null || expected === null) return current === expected
  return sameImage(current, { ...expected, groups: await existingGroups(queries, expected.groups) })
}

async function isTaken(queries: Queries, key: string): Promise<boolean> {
  const row = await queries.selectFrom('users').select('id').where('name_key', '=', key).executeTakeFirst()
  return row !== undefined
}
