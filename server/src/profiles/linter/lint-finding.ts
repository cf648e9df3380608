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

export function error(code: string, place: string, message: string, cure: string): LintFinding {
  return { severity: 'error', code, place, message, cure }
}

export function warning(code: string, place: string, message: string, cure: string): LintFinding {
  return { severity: 'warning', code, place, message, cure }
}
