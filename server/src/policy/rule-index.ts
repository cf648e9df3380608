import type { PartialFacts } from './fact-view.ts'
import type { KeySet, RuleKey } from './rule-key.ts'

/** Below this, looking at every rule is as fast. */
const WORTHWHILE = 8

/** Places of rules in their order, ascending. */
type Places = readonly number[]

interface IndexedFact {
  readonly namespace: string
  readonly field: string
  readonly rules: ReadonlyMap<string, Places>
  /** Every rule that is found by this fact. */
  readonly all: Places
}

/**
 * Finds the rules that can be true for given facts without evaluating the others: a thousand rules that each name their
 * client or group cost a login little more than two. Each rule stands under one set of its keys, the one that fewest
 * rules share; rules without keys are always looked at.
 */
export class RuleIndex {
  readonly #always: Places
  readonly #facts: readonly IndexedFact[]

  /** @param rules the sets of keys of each rule, in the order of the rules */
  constructor(rules: readonly (readonly KeySet[])[]) {
    if (rules.length < WORTHWHILE) {
      this.#always = rules.keys().toArray()
      this.#facts = []
      return
    }
    const shared = new Map<string, number>()
    for (const sets of rules)
      for (const key of sets.flat()) shared.set(nameOf(key), (shared.get(nameOf(key)) ?? 0) + 1)
    const weight = (set: KeySet): number => set.reduce((sum, key) => sum + (shared.get(nameOf(key)) ?? 0), 0)
    const always: number[] = []
    const facts = new Map<string, Map<string, number[]>>()
    for (const [place, sets] of rules.entries()) {
      const best = sets.toSorted((a, b) => weight(a) - weight(b))[0]
      if (best === undefined) always.push(place)
      else for (const key of best) note(facts, key, place)
    }
    this.#always = always
    this.#facts = [...facts].map(([path, values]) => {
      const [namespace = '', field = ''] = path.split('.')
      const all = [...new Set([...values.values()].flat())].sort((a, b) => a - b)
      return { namespace, field, rules: values, all }
    })
  }

  /** Places of the rules that may be true, ascending. A fact that is absent may have any value where `isOpen`. */
  candidates(facts: PartialFacts, isOpen: boolean): Iterable<number> {
    if (this.#facts.length === 0) return this.#always
    const found: Places[] = this.#always.length === 0 ? [] : [this.#always]
    for (const { namespace, field, rules, all } of this.#facts) {
      const value = (facts as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>)[
        namespace
      ]?.[field]
      if (value === undefined || value === null) {
        if (isOpen) found.push(all)
        continue
      }
      for (const text of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
        const places = rules.get(String(text))
        if (places !== undefined) found.push(places)
      }
    }
    const [first] = found
    return found.length <= 1 ? (first ?? []) : merged(found)
  }
}

function nameOf({ path, value }: RuleKey): string {
  return `${path} ${value}`
}

function note(facts: Map<string, Map<string, number[]>>, { path, value }: RuleKey, place: number): void {
  const values = facts.get(path) ?? new Map<string, number[]>()
  facts.set(path, values)
  const places = values.get(value) ?? []
  values.set(value, places)
  // `a == "x" || a == "x"` names it twice.
  if (places.at(-1) !== place) places.push(place)
}

/** Ascending, each place once. The next is worked out when asked for: the first match ends the search. */
function* merged(lists: readonly Places[]): Generator<number, void> {
  const at = new Uint32Array(lists.length)
  for (;;) {
    let next = Number.POSITIVE_INFINITY
    for (const [index, places] of lists.entries()) {
      const place = places[at[index] as number]
      if (place !== undefined && place < next) next = place
    }
    if (next === Number.POSITIVE_INFINITY) return
    for (const [index, places] of lists.entries())
      if (places[at[index] as number] === next) at[index] = (at[index] as number) + 1
    yield next
  }
}
