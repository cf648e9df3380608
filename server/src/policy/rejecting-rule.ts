import { type PartialFacts, partialViews } from './fact-view.ts'
import { ALL_METHODS } from './method-set.ts'
import type { Policy } from './policy.ts'

/**
 * The rule that certainly rejects on what is known before anybody proved anything, whatever the method: why `offer` found
 * nothing to offer. Undefined where no rule rejects and none accepts either.
 */
export function rejectingRule(policy: Policy, facts: PartialFacts): string | undefined {
  const views = partialViews(facts)
  return policy.rules.find(
    ({ mode, effect, condition, allowed }) =>
      mode === 'enforce' &&
      effect === 'reject' &&
      allowed.outer === ALL_METHODS &&
      (condition === undefined || condition.evaluate(views) === true),
  )?.name
}
