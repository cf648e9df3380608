import { type Reason, reason } from '../reasons/index.ts'
import { NO_AUTHORIZATION } from './authorization.ts'
import type { Decision, ShadowOutcome } from './decision.ts'
import { completeViews } from './fact-view.ts'
import type { Facts } from './facts.ts'
import { ALL_INNER, ANY_PROOF, allows, MAB_SET, methodsIn, TUNNEL_SET } from './method-set.ts'
import { MAB } from './methods.ts'
import type { CompiledRule, Policy } from './policy.ts'

/**
 * Decides: the first enforced rule whose condition is true and whose methods allow what was used; no match rejects.
 * Pure, synchronous and total: whatever the facts hold, the answer is a decision, and never an accept by accident.
 */
export function decide(policy: Policy, facts: Facts): Decision {
  try {
    return firstMatch(policy, facts)
  } catch {
    // Facts that are no facts at all: a fault of ours, and still an answer.
    return reject(reason('internal-error', {}), [])
  }
}

function firstMatch(policy: Policy, facts: Facts): Decision {
  const views = completeViews(facts)
  const outer = String(facts.auth?.method)
  const inner = facts.auth?.inner
  let shadow: ShadowOutcome[] | undefined
  let refusedMethod: CompiledRule | undefined
  for (const place of policy.decisionIndex.candidates(facts, false)) {
    const rule = policy.rules[place] as CompiledRule // the index was made of these rules
    if (rule.condition !== undefined && !rule.condition.holds(views)) continue
    if (!allows(rule.allowed, outer, inner)) {
      if (rule.mode === 'enforce' && rule.effect === 'accept' && isComparable(rule, outer))
        refusedMethod ??= rule
      continue
    }
    if (rule.mode === 'enforce') return shadow === undefined ? rule.decision : { ...rule.decision, shadow }
    shadow ??= []
    shadow.push({ rule: rule.name, effect: rule.effect, profiles: rule.decision.profiles })
  }
  const why =
    refusedMethod === undefined
      ? reason('no-rule-matched', { rules: policy.rules.length })
      : methodNotAllowed(refusedMethod, outer, inner)
  return reject(why, shadow ?? [])
}

function reject(why: Reason, shadow: readonly ShadowOutcome[]): Decision {
  return { kind: 'reject', reason: why, profiles: [], obligations: NO_AUTHORIZATION, shadow }
}

/** A rule for MAC addresses alone would have let in no user, whatever the method. */
function isComparable({ allowed }: CompiledRule, method: string): boolean {
  return method === MAB || allowed.outer !== MAB_SET
}

/** The rule that would have let the user in by another method. */
function methodNotAllowed(rule: CompiledRule, method: string, inner: string | undefined) {
  if (method === MAB) return reason('mab-not-listed', { rule: rule.name })
  const { outer, inner: inside } = rule.allowed
  const allowed = (outer & ANY_PROOF) === ANY_PROOF ? ['any'] : methodsIn(outer)
  const hasTunnel = (outer & TUNNEL_SET) !== 0
  return reason('method-not-allowed', {
    rule: rule.name,
    method,
    allowed,
    ...(inner === undefined ? {} : { inner }),
    ...(hasTunnel && inside !== ALL_INNER ? { allowedInside: methodsIn(inside) } : {}),
  })
}
