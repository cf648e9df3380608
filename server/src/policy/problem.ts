/** Something wrong or doubtful in the rules or profiles; the shape is the one the configuration check reports. */
export interface PolicyProblem {
  /** `rules/staff/when`. */
  readonly path: string
  readonly severity: 'error' | 'warning'
  readonly code: PolicyProblemCode
  readonly message: string
  /** Offset of the first wrong character within the condition, from 0. */
  readonly position?: number
  /** What was probably meant. */
  readonly suggestion?: string
}

export type PolicyProblemCode =
  | 'condition-blank'
  | 'condition-syntax'
  | 'condition-type'
  | 'condition-not-boolean'
  | 'condition-unknown-name'
  | 'condition-pattern'
  | 'rule-open'
  | 'rule-name-twice'
  | 'rule-unreachable'
  | 'rule-methods-empty'
  | 'rule-inner-without-outer'
  | 'rule-inner-without-tunnel'
  | 'rule-mab-not-listed'
  | 'method-unknown'
  | 'profile-unknown'
  | 'profile-name-twice'
  | 'profile-on-reject'
  | 'profile-conflict'
  | 'limit-on-reject'
