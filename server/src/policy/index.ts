/**
 * Policy: facts in, one decision out. `compilePolicy` once per configuration version; `offer` and `decide` per login;
 * `explain` and `compareFacts` for people. Pure: no clock, no I/O, no state.
 */
export { mergeProfiles } from './authorization.ts'
export { compareFacts, type FactChange } from './compare-facts.ts'
export { type CompiledPolicy, compilePolicy } from './compile.ts'
export type { Truth } from './condition.ts'
export { decide } from './decide.ts'
export type { Decision, ShadowOutcome } from './decision.ts'
export { type ConditionTrace, explain, explainOffer, type RuleTrace, type Trace } from './explain.ts'
export type { PartialFacts } from './fact-view.ts'
export type * from './facts.ts'
export { MAB, METHODS, type Method, TUNNELS } from './methods.ts'
export { type Offer, offer } from './offer.ts'
export type { Policy } from './policy.ts'
export type { PolicyProblem, PolicyProblemCode } from './problem.ts'
export { rejectingRule } from './rejecting-rule.ts'
export type {
  AllowedMethods,
  AttributeByName,
  Authorization,
  Bandwidth,
  MppePolicy,
  Profile,
  Rule,
  UrlRedirect,
} from './rule.ts'
