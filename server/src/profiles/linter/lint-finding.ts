/** One trap in a profile. */
export interface LintFinding {
  /** error = it lets somebody in between, or does not work; warning = weaker than it could be. */
  readonly severity: 'error' | 'warning'
  /** Stable; the message may change. */
  readonly code: string
  readonly place: string
  readonly message: string
  readonly cure: string
}
