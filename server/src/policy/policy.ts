import type { Condition } from './condition.ts'
import type { Decision } from './decision.ts'
import type { AllowedSets } from './method-set.ts'
import type { Rule } from './rule.ts'
import type { RuleIndex } from './rule-index.ts'

/** Compiled rules: immutable, shared by every decision of one configuration version. */
export interface Policy {
  readonly rules: readonly CompiledRule[]
  /** Every fact path some rule reads. */
  readonly reads: ReadonlySet<string>
  /** By the facts of a decision. */
  readonly decisionIndex: RuleIndex
  /** By what is known before anybody proved anything. */
  readonly offerIndex: RuleIndex
}

export interface CompiledRule {
  readonly name: string
  readonly mode: 'enforce' | 'shadow'
  readonly effect: Rule['effect']
  /** Absent: always fulfilled. */
  readonly condition: Condition | undefined
  readonly allowed: AllowedSets
  /** The decision this rule makes, ready before the first login. */
  readonly decision: Decision
}
