import type { Seen } from '../../kernel/seen-table.ts'

/**
 * What several workers saw of the same strangers, as one list, the latest first. `join` adds to the first what the other one
 * saw besides count and times; the first is the one that was seen last.
 */
export function mergeSeen<T extends Seen>(
  lists: readonly (readonly (readonly [key: string, seen: T])[])[],
  join: (first: T, other: T) => T = (first) => first,
): [key: string, seen: T][] {
  const merged = new Map<string, T>()
  for (const [key, seen] of lists.flat()) {
    const known = merged.get(key)
    merged.set(key, known === undefined ? seen : joined(known, seen, join))
  }
  return [...merged].sort(([, a], [, b]) => b.lastSeenAt - a.lastSeenAt)
}

function joined<T extends Seen>(a: T, b: T, join: (first: T, other: T) => T): T {
  const [first, other] = a.lastSeenAt >= b.lastSeenAt ? [a, b] : [b, a]
  return {
    ...join(first, other),
    count: a.count + b.count,
    firstSeenAt: Math.min(a.firstSeenAt, b.firstSeenAt),
    lastSeenAt: first.lastSeenAt,
  }
}
