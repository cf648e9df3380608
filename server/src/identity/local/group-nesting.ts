/** Nested deeper than this a group is not reached: no directory of people is, and a damaged one may be a ring. */
export const NESTING_LIMIT = 32

/** Nested groups: the key of a group -> the keys of the groups that are its members. */
export type Nesting = ReadonlyMap<string, readonly string[]>

export type NestingFault =
  /** Each group is a member of the next one, the last of the first. */
  | { readonly kind: 'ring'; readonly groups: readonly string[] }
  | { readonly kind: 'too-deep'; readonly group: string; readonly depth: number }

/** What makes a nesting useless: a ring, or more levels than a lookup follows. Looks at every group once. */
export function nestingFault(nesting: Nesting): NestingFault | undefined {
  const parents = new Map<string, string[]>()
  const membersLeft = new Map<string, number>()
  for (const [group, members] of nesting) {
    membersLeft.set(group, (membersLeft.get(group) ?? 0) + members.length)
    for (const member of members) {
      membersLeft.set(member, membersLeft.get(member) ?? 0)
      const known = parents.get(member)
      if (known === undefined) parents.set(member, [group])
      else known.push(group)
    }
  }
  const depths = new Map<string, number>()
  // From the innermost groups outwards; who is never reached belongs to a ring, or holds one.
  const ready = [...membersLeft].filter(([, left]) => left === 0).map(([group]) => group)
  for (const group of ready) {
    membersLeft.delete(group)
    const depth = (depths.get(group) ?? 0) + 1
    if (depth > NESTING_LIMIT) return { kind: 'too-deep', group, depth }
    for (const parent of parents.get(group) ?? []) {
      depths.set(parent, Math.max(depths.get(parent) ?? 0, depth))
      const left = (membersLeft.get(parent) ?? 0) - 1
      membersLeft.set(parent, left)
      if (left === 0) ready.push(parent)
    }
  }
  for (const start of membersLeft.keys())
    return { kind: 'ring', groups: ringFrom(start, nesting, membersLeft) }
  return undefined
}

/** Every group that is left has a member that is left: going from member to member must come round. */
function ringFrom(start: string, nesting: Nesting, left: ReadonlyMap<string, number>): string[] {
  const path: string[] = []
  for (let group: string | undefined = start; group !== undefined; ) {
    const seen = path.indexOf(group)
    if (seen !== -1) return path.slice(seen).reverse()
    path.push(group)
    group = nesting.get(group)?.find((member) => left.has(member))
  }
  return path
}
