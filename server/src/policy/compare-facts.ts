import type { PartialFacts } from './fact-view.ts'
import type { Facts } from './facts.ts'

/** One fact that differs between two logins. */
export interface FactChange {
  /** `user.groups`, `request.attributes.NAS-Port`. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
  /** Of a list: what came and what went. */
  readonly gained?: readonly string[]
  readonly lost?: readonly string[]
  /** One plain line: `user.groups lost "VPN Users"`. */
  readonly text: string
}

/**
 * What differs between two sets of facts, in the order of the facts. The instant always differs and is left out; so is
 * what one side never found out, because its login ended before.
 */
export function compareFacts(before: PartialFacts, after: PartialFacts): readonly FactChange[] {
  const isComparable = (name: keyof Facts) =>
    (before[name] !== undefined && after[name] !== undefined) ||
    // Facts that may be absent for good; once the user is known, that is settled.
    ((name === 'certificate' || name === 'mac') && before.user !== undefined && after.user !== undefined)
  const a = leavesOf(pick(before, isComparable))
  const b = leavesOf(pick(after, isComparable))
  const changes: FactChange[] = []
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    if (path === 'time.now') continue
    const change = compareValues(path, a.get(path), b.get(path))
    if (change !== undefined) changes.push(change)
  }
  return changes
}

function pick(facts: PartialFacts, wanted: (name: keyof Facts) => boolean): object {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => wanted(name as keyof Facts)))
}

/** Scalars and lists by their dotted path. */
function leavesOf(facts: object, prefix = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null) continue
    if (typeof value === 'object' && !Array.isArray(value)) leavesOf(value, `${prefix}${name}.`, leaves)
    else leaves.set(prefix + name, value)
  }
  return leaves
}

function compareValues(path: string, before: unknown, after: unknown): FactChange | undefined {
  if (Array.isArray(before ?? after) && Array.isArray(after ?? before)) {
    const old: readonly string[] = ((before as unknown[]) ?? []).map(String)
    const current: readonly string[] = ((after as unknown[]) ?? []).map(String)
    const lost = old.filter((item) => !current.includes(item))
    const gained = current.filter((item) => !old.includes(item))
    if (lost.length + gained.length === 0) return undefined
    const parts = [
      ...(lost.length > 0 ? [`lost ${quoted(lost)}`] : []),
      ...(gained.length > 0 ? [`gained ${quoted(gained)}`] : []),
    ]
    return { path, before, after, lost, gained, text: `${path} ${parts.join(' and ')}` }
  }
  if (before === after) return undefined
  if (before === undefined)
    return { path, before, after, text: `${path} is now ${quoted([after])}; it was absent` }
  if (after === undefined)
    return { path, before, after, text: `${path} is absent; it was ${quoted([before])}` }
  return { path, before, after, text: `${path} changed from ${quoted([before])} to ${quoted([after])}` }
}

function quoted(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ')
}
