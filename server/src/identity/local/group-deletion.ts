import type { DataPlanContext } from '../../config/data-section.ts'
import type { FieldChange } from '../../config/difference.ts'
import type { Problem } from '../../config/problem.ts'
import type { GroupImage } from './group-writes.ts'

/** A group that `--prune` deletes, and what stays behind that was in it. */
export interface GroupDeletion {
  readonly group: GroupImage
  /** Direct members among users the document does not speak of: the difference does not show them otherwise. */
  readonly users: number
  /** Names of nested groups that stay. */
  readonly groups: readonly string[]
}

/** What the deletion takes away, for the difference. */
export function fieldsOfDeletion({ users, groups }: GroupDeletion): FieldChange[] {
  return [
    ...(users === 0 ? [] : [{ path: 'users', before: users }]),
    ...(groups.length === 0 ? [] : [{ path: 'members', before: groups }]),
  ]
}

/** Warnings: a rule that names the group no longer matches anybody for it, and its members lose it. */
export function deletionProblems(
  { group: { name }, users, groups }: GroupDeletion,
  { rules }: DataPlanContext['configuration'],
): Problem[] {
  const path = `groups/${name}`
  const naming = rules.filter(({ when }) => namesGroup(when ?? '', name)).map((rule) => `'${rule.name}'`)
  const members = [
    ...(users === 0 ? [] : [counted(users, 'user')]),
    ...(groups.length === 0 ? [] : [counted(groups.length, 'group')]),
  ]
  const problems: Problem[] = []
  if (naming.length > 0) {
    const message = `The group is deleted, but the condition of ${naming.join(', ')} names it.`
    problems.push({ path, severity: 'warning', code: 'group-in-rule', message })
  }
  if (members.length > 0) {
    const message = `The group is deleted, but still has members: ${members.join(' and ')}.`
    problems.push({ path, severity: 'warning', code: 'group-has-members', message })
  }
  return problems
}

/** As a string literal anywhere in the condition: good enough for a warning, and no parser is needed. */
function namesGroup(condition: string, name: string): boolean {
  return condition.includes(`'${name}'`) || condition.includes(`"${name}"`)
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
