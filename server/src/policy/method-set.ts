import { MAB, METHODS, type Method, PROXIED, TUNNELS } from './methods.ts'
import type { AllowedMethods, Rule } from './rule.ts'

/** Methods as bits, so that the check of a rule costs two operations. */
export type MethodSet = number

export const NO_METHODS: MethodSet = 0
export const ALL_METHODS: MethodSet = (1 << METHODS.length) - 1

const BIT: ReadonlyMap<string, number> = new Map(METHODS.map((method, index) => [method, 1 << index]))

/** The bit of one method; 0, which no set contains, for anything that is not a method. */
export function bitOf(method: string): MethodSet {
  return BIT.get(method) ?? 0
}

export function methodSet(methods: readonly Method[]): MethodSet {
  return methods.reduce((set, method) => set | bitOf(method), NO_METHODS)
}

/** In the order of `METHODS`, which is also the order of preference nobody asked for. */
export function methodsIn(set: MethodSet): readonly Method[] {
  return METHODS.filter((method) => (set & bitOf(method)) !== 0)
}

export const TUNNEL_SET: MethodSet = methodSet(TUNNELS)
export const MAB_SET: MethodSet = methodSet([MAB])
/** What an accept allows that lists no methods: whoever proved something. */
export const ANY_PROOF: MethodSet = ALL_METHODS & ~MAB_SET
export const PROXIED_SET: MethodSet = methodSet([PROXIED])
/** Inside a tunnel of ours runs no tunnel, no MAC address, and nothing that another server keeps to itself. */
export const ALL_INNER: MethodSet = ANY_PROOF & ~TUNNEL_SET & ~PROXIED_SET

export interface AllowedSets {
  readonly outer: MethodSet
  readonly inner: MethodSet
}

/**
 * What a rule's method lists allow. `inner` alone means "inside a tunnel, and only this": it would be worth nothing if
 * the same rule let a bare PAP through. No list at all means every method to a reject; to an accept, all but MAC addresses.
 */
export function allowedSets(methods: AllowedMethods | undefined, effect: Rule['effect']): AllowedSets {
  const { outer, inner } = methods ?? {}
  const every = effect === 'reject' ? ALL_METHODS : ANY_PROOF
  const anyOuter = inner === undefined ? every : TUNNEL_SET
  return {
    outer: outer === undefined ? anyOuter : methodSet(outer),
    inner: inner === undefined ? ALL_INNER : methodSet(inner) & ALL_INNER,
  }
}

/** A tunnel without a proved inner method is allowed by no rule. */
export function allows(allowed: AllowedSets, outer: string, inner: string | undefined): boolean {
  const bit = bitOf(outer)
  if ((allowed.outer & bit) === 0) return false
  if ((bit & TUNNEL_SET) === 0) return true
  return inner !== undefined && (allowed.inner & bitOf(inner)) !== 0
}
