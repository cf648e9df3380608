import type { AttributeByName, Authorization, Profile } from './rule.ts'

export const NO_AUTHORIZATION: Authorization = Object.freeze({ attributes: Object.freeze([]) })

/** Two profiles of one rule set the same thing to different values; the first in the rule's order wins. */
export interface Conflict {
  readonly field: string
  readonly winner: string
  readonly loser: string
}

/** The union of profiles in order, first wins; attributes by name add up, exact repetitions once. */
export function mergeProfiles(profiles: readonly Profile[]): {
  readonly authorization: Authorization
  readonly conflicts: readonly Conflict[]
} {
  const merged: Record<string, unknown> = {}
  const setBy = new Map<string, string>()
  const attributes: AttributeByName[] = []
  const conflicts: Conflict[] = []
  for (const profile of profiles) {
    const { name, attributes: own = [], ...fields } = profile
    for (const [field, value] of Object.entries(fields)) {
      if (value === undefined) continue
      const winner = setBy.get(field)
      if (winner === undefined) {
        merged[field] = value
        setBy.set(field, name)
      } else if (!isSame(merged[field], value)) conflicts.push({ field, winner, loser: name })
    }
    for (const attribute of own) {
      if (!attributes.some((other) => other.name === attribute.name && other.value === attribute.value)) {
        attributes.push({ name: attribute.name, value: attribute.value })
      }
    }
  }
  const aclOf = setBy.get('acl')
  if (aclOf !== undefined) merged.aclOf = aclOf
  const authorization = { ...merged, attributes } as Authorization // the fields of Profile are those of Authorization
  return { authorization: Object.freeze(authorization), conflicts }
}

/** Values of profiles are plain data. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
