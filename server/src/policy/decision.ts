import type { Reason } from '../reasons/index.ts'
import type { Authorization, SessionLimit } from './rule.ts'

/** What is to happen, and why. The trace is recomputed from the facts when somebody asks (`explain`). */
export interface Decision {
  readonly kind: 'accept' | 'reject'
  /** The rule that decided; absent where none matched. */
  readonly rule?: string
  readonly reason: Reason
  /** Names of the profiles behind the obligations; empty on a reject. */
  readonly profiles: readonly string[]
  readonly obligations: Authorization
  /** The accept holds only while there are fewer sessions; counting is not the policy's business. */
  readonly sessionLimit?: SessionLimit
  /** Shadow rules that stand before the deciding rule and match: each, if enforced, would have decided instead. */
  readonly shadow: readonly ShadowOutcome[]
}

export interface ShadowOutcome {
  readonly rule: string
  readonly effect: 'accept' | 'reject'
  readonly profiles: readonly string[]
}
