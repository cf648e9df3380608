import type { Transaction } from 'kysely'
import type { DataUndo, DataWriter, RowImage } from '../../config/data-section.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Database } from '../../store/database.ts'
import { nextUserRevision, recordDeletion } from '../../store/revision.ts'
import type { Schema } from '../../store/schema.ts'
import { nameKey } from '../user-name.ts'
import { batches, checkNesting, existingGroups, type Queries, setNestedGroups } from './memberships.ts'

/** A group as a version keeps it. JSON. */
export interface GroupImage {
  readonly id: string
  readonly name: string
  readonly name_key: string
  /** Names of nested groups. */
  readonly members: readonly string[]
  /** Of a group that was deleted: its users and the groups it was nested in, which go with it and come back with it. */
  readonly users?: readonly string[]
  readonly parents?: readonly string[]
}

/** `before` null: create; `after` null: delete. */
export interface GroupWrite {
  readonly before: GroupImage | null
  readonly after: GroupImage | null
}

const TABLE = 'groups'

/** Whether two images mean the same group; members are compared without case and order. */
export function sameGroup(a: GroupImage, b: GroupImage): boolean {
  return comparable(a) === comparable(b)
}

function comparable({ id, name, members }: GroupImage): string {
  return JSON.stringify([id, name, members.map(nameKey).sort()])
}

/** Writes what `GroupsSection` planned, and takes it back, inside the transaction that stores the version. */
export class GroupWriter implements DataWriter<GroupWrite> {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async write(transaction: Transaction<Schema>, writes: readonly GroupWrite[]): Promise<readonly RowImage[]> {
    if (writes.length === 0) return []
    const revision = await nextUserRevision(this.#database, transaction)
    const images: RowImage[] = []
    for (const { before, after } of writes) {
      const key = (before ?? after)?.name_key ?? ''
      const current = await currentImage(transaction, 'name_key', key)
      if (!same(current, before)) {
        throw new RequestError('version-conflict', `The group '${key}' was changed meanwhile.`, {
          group: key,
        })
      }
      const kept = after === null ? await withMemberships(transaction, current) : current
      images.push(imageOf(kept, after))
    }
    await this.#put(transaction, images, revision)
    return images
  }

  async undo(transaction: Transaction<Schema>, images: readonly RowImage[]): Promise<DataUndo> {
    if (images.length === 0) return { images: [], leftAlone: [] }
    const revision = await nextUserRevision(this.#database, transaction)
    const undone: RowImage[] = []
    const leftAlone: string[] = []
    for (const image of images.toReversed()) {
      // Images of this section were written by this section.
      const before = image.before as GroupImage | null
      const after = image.after as GroupImage | null
      const current = await currentImage(transaction, 'id', image.key)
      const namesake = before && (await currentImage(transaction, 'name_key', before.name_key))
      if (!same(current, after) || (current === null && namesake !== null)) {
        leftAlone.push(`groups/${(after ?? before)?.name}`)
        continue
      }
      undone.push(imageOf(before === null ? await withMemberships(transaction, current) : current, before))
    }
    await this.#put(transaction, undone, revision)
    return { images: undone, leftAlone }
  }

  /** All rows first, then the nesting: groups of one document may name each other. */
  async #put(transaction: Transaction<Schema>, images: readonly RowImage[], revision: number): Promise<void> {
    for (const image of images) {
      const [before, after] = [image.before, image.after] as [GroupImage | null, GroupImage | null]
      if (after === null) {
        await transaction.deleteFrom('groups').where('id', '=', image.key).execute()
        await recordDeletion(transaction, 'group', image.key, revision)
      } else {
        const { id, name, name_key } = after
        const row = { id, name, name_key, revision }
        if (before === null) await transaction.insertInto('groups').values(row).execute()
        else await transaction.updateTable('groups').set(row).where('id', '=', id).execute()
      }
    }
    for (const image of images) {
      const after = image.after as GroupImage | null
      if (after === null) continue
      const members = await existingGroups(transaction, after.members)
      await setNestedGroups(transaction, after.id, members, revision)
      await restoreMemberships(transaction, after, revision)
    }
    await checkNesting(transaction)
  }
}

function imageOf(before: GroupImage | null, after: GroupImage | null): RowImage {
  return { table: TABLE, key: (before ?? after)?.id ?? '', before: json(before), after: json(after) }
}

/** An interface has no index signature; its copy has. */
function json(image: GroupImage | null): Readonly<Record<string, unknown>> | null {
  return image && { ...image }
}

function same(current: GroupImage | null, expected: GroupImage | null): boolean {
  if (current === null || expected === null) return current === expected
  return sameGroup(current, expected)
}

async function currentImage(
  queries: Queries,
  column: 'id' | 'name_key',
  value: string,
): Promise<GroupImage | null> {
  const row = await queries
    .selectFrom('groups')
    .select(['id', 'name', 'name_key'])
    .where(column, '=', value)
    .executeTakeFirst()
  if (row === undefined) return null
  const members = await queries
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.member_group_id')
    .select('groups.name')
    .where('group_members.group_id', '=', row.id)
    .execute()
  return { ...row, members: members.map(({ name }) => name).sort() }
}

async function withMemberships(queries: Queries, image: GroupImage | null): Promise<GroupImage | null> {
  if (image === null) return null
  const rows = await queries
    .selectFrom('group_members')
    .select('member_user_id')
    .where('group_id', '=', image.id)
    .where('member_user_id', 'is not', null)
    .execute()
  const parents = await queries
    .selectFrom('group_members')
    .select('group_id')
    .where('member_group_id', '=', image.id)
    .execute()
  const users = rows.map(({ member_user_id }) => member_user_id).filter((id) => id !== null)
  return { ...image, users, parents: parents.map(({ group_id }) => group_id) }
}

/** Puts the users of a deleted group that still exist back into it, and the group back into those that held it. */
async function restoreMemberships(
  transaction: Transaction<Schema>,
  image: GroupImage,
  revision: number,
): Promise<void> {
  for (const batch of batches(image.users ?? [])) {
    const users = await transaction.selectFrom('users').select('id').where('id', 'in', batch).execute()
    if (users.length === 0) continue
    const ids = users.map(({ id }) => id)
    await transaction
      .insertInto('group_members')
      .values(ids.map((id) => ({ group_id: image.id, member_user_id: id, member_group_id: null })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await transaction.updateTable('users').set({ revision }).where('id', 'in', ids).execute()
  }
  for (const batch of batches(image.parents ?? [])) {
    const parents = await transaction.selectFrom('groups').select('id').where('id', 'in', batch).execute()
    if (parents.length === 0) continue
    await transaction
      .insertInto('group_members')
      .values(parents.map(({ id }) => ({ group_id: id, member_user_id: null, member_group_id: image.id })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}
