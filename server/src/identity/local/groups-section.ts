import { randomUUID } from 'node:crypto'
import type { DataPlan, DataPlanContext, DataSection } from '../../config/data-section.ts'
import type { ObjectChange } from '../../config/difference.ts'
import type { Problem } from '../../config/problem.ts'
import type { Database } from '../../store/database.ts'
import { nameKey } from '../user-name.ts'
import { deletionProblems, fieldsOfDeletion, type GroupDeletion } from './group-deletion.ts'
import { nestingFault } from './group-nesting.ts'
import { type GroupImage, type GroupWrite, sameGroup } from './group-writes.ts'
import { nestingByName, nestingSentence, userCounts } from './memberships.ts'
import { type GroupItem, groupItemSchema } from './user-item.ts'

/** `groups:` of the document: groups and their nesting. It is written before `users:`, which refer to it. */
export class GroupsSection implements DataSection<GroupItem, GroupWrite> {
  readonly name = 'groups'
  readonly schema = groupItemSchema
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async plan(items: readonly GroupItem[], context: DataPlanContext): Promise<DataPlan<GroupWrite>> {
    const existing = await this.#images()
    const after = new Map<string, GroupImage>(context.prune ? [] : existing)
    const planned: GroupWrite[] = []
    const problems: Problem[] = []
    const seen = new Set<string>()
    for (const item of items) {
      const key = nameKey(item.name)
      if (seen.has(key))
        problems.push(problem(item.name, 'duplicate-name', 'The group is in the list twice.'))
      seen.add(key)
      const before = existing.get(key) ?? null
      const image = {
        id: before?.id ?? randomUUID(),
        name: item.name.normalize('NFC'),
        name_key: key,
        members: [...item.members].sort(),
      }
      after.set(key, image)
      planned.push({ before, after: image })
    }
    if (context.prune) {
      for (const [key, before] of existing) if (!seen.has(key)) planned.push({ before, after: null })
    }
    const deletions = await this.#deletions(planned, after, context)
    problems.push(...deletions.flatMap((deletion) => deletionProblems(deletion, context.configuration)))
    problems.push(...nestingProblems(after))
    const writes = planned.filter((write) => actionOf(write) !== 'unchanged')
    const goneWith = new Map(deletions.map((deletion) => [deletion.group.id, fieldsOfDeletion(deletion)]))
    const changes = planned.map((write) => {
      const fields = goneWith.get(write.before?.id ?? '') ?? []
      return fields.length === 0 ? changeOf(write) : { ...changeOf(write), fields }
    })
    return { changes, problems, writes }
  }

  async export(): Promise<readonly GroupItem[]> {
    return [...(await this.#images()).values()].map(({ name, members }) => ({ name, members: [...members] }))
  }

  async #deletions(
    planned: readonly GroupWrite[],
    after: ReadonlyMap<string, GroupImage>,
    { document }: DataPlanContext,
  ): Promise<GroupDeletion[]> {
    const deleted = planned.flatMap((write) =>
      write.before !== null && write.after === null ? [write.before] : [],
    )
    if (deleted.length === 0) return []
    // With `users:` in the document the groups of each user are in it as well, or the user is deleted too.
    const users =
      document.users === undefined ? await userCounts(this.#database.kysely) : new Map<string, number>()
    return deleted.map((group) => ({
      group,
      users: users.get(group.id) ?? 0,
      groups: group.members.filter((member) => after.has(nameKey(member))),
    }))
  }

  /** All groups by the key of their name, in its order. */
  async #images(): Promise<Map<string, GroupImage>> {
    const { kysely } = this.#database
    const rows = await kysely
      .selectFrom('groups')
      .select(['id', 'name', 'name_key'])
      .orderBy('name_key')
      .execute()
    const nesting = await nestingByName(kysely)
    return new Map(rows.map((row) => [row.name_key, { ...row, members: nesting.get(row.name) ?? [] }]))
  }
}

/** Members nobody knows, rings, too many levels - as the groups will be. */
function nestingProblems(groups: ReadonlyMap<string, GroupImage>): Problem[] {
  const problems: Problem[] = []
  const nesting = new Map<string, string[]>()
  for (const { name, members } of groups.values()) {
    const known: string[] = []
    for (const member of members) {
      const group = groups.get(nameKey(member))
      if (group !== undefined) known.push(group.name)
      else problems.push(problem(name, 'group-unknown', `There is no group '${member}'.`, 'members'))
    }
    nesting.set(name, known)
  }
  const fault = nestingFault(nesting)
  if (fault !== undefined) {
    const group = fault.kind === 'ring' ? (fault.groups[0] ?? '') : fault.group
    const code = fault.kind === 'ring' ? 'group-ring' : 'group-too-deep'
    problems.push(problem(group, code, nestingSentence(fault), 'members'))
  }
  return problems
}

function actionOf({ before, after }: GroupWrite): ObjectChange['action'] {
  if (before === null) return 'create'
  if (after === null) return 'delete'
  return sameGroup(before, after) ? 'unchanged' : 'change'
}

function changeOf(write: GroupWrite): ObjectChange {
  const { before, after } = write
  const name = (after ?? before)?.name ?? ''
  const action = actionOf(write)
  if (action !== 'change' || before === null || after === null) return { section: 'groups', name, action }
  const fields = [
    { path: 'name', before: before.name, after: after.name },
    { path: 'members', before: before.members, after: after.members },
  ].filter((field) => JSON.stringify(field.before) !== JSON.stringify(field.after))
  return { section: 'groups', name, action, fields }
}

function problem(group: string, code: string, message: string, field?: string): Problem {
  const path = `groups/${group}${field === undefined ? '' : `/${field}`}`
  return { path, severity: 'error', code, message }
}
