import type { Kysely, Transaction } from 'kysely'
import { RequestError } from '../../kernel/errors.ts'
import type { Schema } from '../../store/schema.ts'
import { nameKey } from '../user-name.ts'
import { type NestingFault, nestingFault } from './group-nesting.ts'

/** Either engine, in a transaction or not. */
export type Queries = Kysely<Schema> | Transaction<Schema>

/** Parameters one statement takes on every engine. */
const BATCH = 500

export function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += BATCH) yield items.slice(at, at + BATCH)
}

/** Direct groups of users, by user id: names in order. Users without groups are absent. */
export async function directGroups(
  queries: Queries,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>()
  for (const batch of batches(userIds)) {
    const rows = await queries
      .selectFrom('group_members')
      .innerJoin('groups', 'groups.id', 'group_members.group_id')
      .select(['group_members.member_user_id as user', 'groups.name as group'])
      .where('group_members.member_user_id', 'in', batch)
      .execute()
    for (const [user, memberships] of Map.groupBy(rows, ({ user }) => user)) {
      if (user !== null) groups.set(user, memberships.map(({ group }) => group).sort())
    }
  }
  return groups
}

/** Ids of groups by name, in the order of the names. Throws RequestError 'group-not-found'. */
export async function groupIds(queries: Queries, names: readonly string[]): Promise<string[]> {
  const keys = [...new Set(names.map(nameKey))]
  const ids = new Map<string, string>()
  for (const batch of batches(keys)) {
    const rows = await queries
      .selectFrom('groups')
      .select(['id', 'name_key'])
      .where('name_key', 'in', batch)
      .execute()
    for (const { id, name_key } of rows) ids.set(name_key, id)
  }
  return keys.map((key) => {
    const id = ids.get(key)
    if (id !== undefined) return id
    const group = names.find((name) => nameKey(name) === key)
    throw new RequestError(
      'group-not-found',
      `There is no group '${group}'. A document makes it: groups: [{ name: ... }]`,
      { group },
    )
  })
}

/** Makes a user a direct member of these groups and no others; the caller gives the user a new revision. */
export async function setGroupsOfUser(
  transaction: Transaction<Schema>,
  userId: string,
  names: readonly string[],
): Promise<void> {
  const ids = await groupIds(transaction, names)
  await transaction.deleteFrom('group_members').where('member_user_id', '=', userId).execute()
  for (const batch of batches(ids)) {
    const rows = batch.map((group_id) => ({ group_id, member_user_id: userId, member_group_id: null }))
    await transaction.insertInto('group_members').values(rows).execute()
  }
}

/**
 * Makes these groups, and no others, nested members of a group; `checkNesting` belongs after the last of them. The
 * members whose membership changes get the revision, as a projection expects.
 */
export async function setNestedGroups(
  transaction: Transaction<Schema>,
  groupId: string,
  names: readonly string[],
  revision: number,
): Promise<void> {
  const ids = await groupIds(transaction, names)
  const rows = await transaction
    .selectFrom('group_members')
    .select('member_group_id as id')
    .where('group_id', '=', groupId)
    .where('member_group_id', 'is not', null)
    .execute()
  const old = rows.map(({ id }) => id).filter((id) => id !== null)
  const joined = ids.filter((id) => !old.includes(id))
  const left = old.filter((id) => !ids.includes(id))
  for (const batch of batches(left)) {
    await transaction
      .deleteFrom('group_members')
      .where('group_id', '=', groupId)
      .where('member_group_id', 'in', batch)
      .execute()
  }
  for (const batch of batches(joined)) {
    const members = batch.map((id) => ({ group_id: groupId, member_user_id: null, member_group_id: id }))
    await transaction.insertInto('group_members').values(members).execute()
  }
  for (const batch of batches([...joined, ...left])) {
    await transaction.updateTable('groups').set({ revision }).where('id', 'in', batch).execute()
  }
}

/** Throws RequestError 'group-ring', 'group-too-deep'. */
export async function checkNesting(queries: Queries): Promise<void> {
  const fault = nestingFault(await nestingByName(queries))
  if (fault === undefined) return
  const code = fault.kind === 'ring' ? 'group-ring' : 'group-too-deep'
  throw new RequestError(code, nestingSentence(fault), { ...fault })
}

/** All nested groups, by name. */
export async function nestingByName(queries: Queries): Promise<Map<string, string[]>> {
  const rows = await queries
    .selectFrom('group_members')
    .innerJoin('groups as outer_group', 'outer_group.id', 'group_members.group_id')
    .innerJoin('groups as inner_group', 'inner_group.id', 'group_members.member_group_id')
    .select(['outer_group.name as group', 'inner_group.name as member'])
    .execute()
  const nesting = new Map<string, string[]>()
  for (const [group, members] of Map.groupBy(rows, ({ group }) => group)) {
    nesting.set(group, members.map(({ member }) => member).sort())
  }
  return nesting
}

/** How many users are direct members, by group id; groups without users are absent. */
export async function userCounts(queries: Queries): Promise<Map<string, number>> {
  const rows = await queries
    .selectFrom('group_members')
    .select(({ fn }) => ['group_id', fn.count('member_user_id').as('users')])
    .where('member_user_id', 'is not', null)
    .groupBy('group_id')
    .execute()
  return new Map(rows.map(({ group_id, users }) => [group_id, Number(users)]))
}

export function nestingSentence(fault: NestingFault): string {
  if (fault.kind === 'too-deep') {
    return `Groups are nested more than ${fault.depth - 1} levels deep at '${fault.group}'.`
  }
  const [first, ...others] = fault.groups.map((name) => `'${name}'`)
  if (others.length === 0) return `The group ${first} is a member of itself.`
  return `Groups are members of each other in a ring: ${[first, ...others, first].join(' in ')}.`
}

/** Those of the names that groups have. */
export async function existingGroups(queries: Queries, names: readonly string[]): Promise<string[]> {
  const existing = new Set<string>()
  for (const batch of batches(names.map(nameKey))) {
    const rows = await queries
      .selectFrom('groups')
      .select('name_key')
      .where('name_key', 'in', batch)
      .execute()
    for (const { name_key } of rows) existing.add(name_key)
  }
  return names.filter((name) => existing.has(nameKey(name)))
}
