import { type PartialFacts, partialViews } from './fact-view.ts'
import {
  ALL_INNER,
  ANY_PROOF,
  bitOf,
  type MethodSet,
  methodsIn,
  NO_METHODS,
  PROXIED_SET,
  TUNNEL_SET,
} from './method-set.ts'
import type { Method } from './methods.ts'
import type { CompiledRule, Policy } from './policy.ts'

/** The methods worth offering: what some rule that may still match, and would accept, allows. */
export interface Offer {
  readonly outer: readonly Method[]
  /** Union over the tunnels; `inside` is exact. */
  readonly inner: readonly Method[]
  readonly inside: Readonly<Record<Tunnel, readonly Method[]>>
}

type Tunnel = 'peap' | 'eap-ttls'
const TUNNEL_NAMES: readonly Tunnel[] = ['peap', 'eap-ttls']

/**
 * What to offer given what is known before anybody proved anything. It promises nothing: the final decision enforces the
 * rule that matches then. A rule that certainly rejects takes its methods away from the rules after it.
 */
export function offer(policy: Policy, facts: PartialFacts): Offer {
  const known = knownBy(policy, facts)
  if (known === undefined) return workOut(policy, facts)
  let offers = remembered.get(policy)
  if (offers === undefined) {
    offers = new Map()
    remembered.set(policy, offers)
  }
  let answer = offers.get(known)
  if (answer === undefined) {
    answer = workOut(policy, facts)
    if (offers.size >= MOST_REMEMBERED) offers.clear()
    offers.set(known, answer)
  }
  return answer
}

/** Rules that wait for facts are slow to evaluate, and most logins through one client are offered the same. */
const remembered = new WeakMap<Policy, Map<string, Offer>>()
const MOST_REMEMBERED = 1000

/** The values of all facts a rule of the policy may look at now; undefined where they are never twice the same. */
function knownBy({ reads }: Policy, facts: PartialFacts): string | undefined {
  const values: unknown[] = []
  for (const path of reads) {
    if (path === 'time.now') return undefined
    let value: unknown = facts
    for (const name of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[name]
    values.push(value)
  }
  return JSON.stringify(values)
}

function workOut(policy: Policy, facts: PartialFacts): Offer {
  const views = partialViews(facts)
  // Neither a MAC address nor another server's word is something a supplicant could be offered to prove.
  let open: MethodSet = ANY_PROOF & ~TUNNEL_SET & ~PROXIED_SET
  let outer: MethodSet = NO_METHODS
  const openInside = { peap: ALL_INNER, 'eap-ttls': ALL_INNER }
  const inside = { peap: NO_METHODS, 'eap-ttls': NO_METHODS }
  for (const place of policy.offerIndex.candidates(facts, true)) {
    // The index was made of these rules.
    const { mode, effect, condition, allowed } = policy.rules[place] as CompiledRule
    if (mode !== 'enforce') continue
    const truth = condition === undefined ? true : condition.evaluate(views)
    if (truth === false || (effect === 'reject' && truth === 'unknown')) continue
    const tunnels = TUNNEL_NAMES.filter((tunnel) => (allowed.outer & bitOf(tunnel)) !== 0)
    if (effect === 'reject') {
      open &= ~allowed.outer
      for (const tunnel of tunnels) openInside[tunnel] &= ~allowed.inner
    } else {
      outer |= allowed.outer & open
      for (const tunnel of tunnels) inside[tunnel] |= allowed.inner & openInside[tunnel]
    }
  }
  // A tunnel with nothing allowed inside can never end in an accept.
  for (const tunnel of TUNNEL_NAMES) if (inside[tunnel] !== NO_METHODS) outer |= bitOf(tunnel)
  return {
    outer: methodsIn(outer),
    inner: methodsIn(inside.peap | inside['eap-ttls']),
    inside: { peap: methodsIn(inside.peap), 'eap-ttls': methodsIn(inside['eap-ttls']) },
  }
}
