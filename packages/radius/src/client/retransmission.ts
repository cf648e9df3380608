/** When to send a request again: RFC 5080 section 2.2.1, whose letters are IRT, MRT, MRC, MRD. Milliseconds. */
export interface RetransmissionRules {
  /** IRT: wait before the first retransmission. */
  readonly timeoutMs: number
  /** MRT: the longest wait between two. */
  readonly longestTimeoutMs: number
  /** MRC: how often a request is sent again. */
  readonly retries: number
  /** MRD: no attempt goes on longer. */
  readonly deadlineMs: number
}

/** The values RFC 5080 section 2.2.1 gives. */
export const RFC_5080_RULES: RetransmissionRules = {
  timeoutMs: 2000,
  longestTimeoutMs: 16_000,
  retries: 5,
  deadlineMs: 30_000,
}

/**
 * The wait after one attempt. `previous`: the wait before, 0 for the first. `random`: 0 to 1; it moves the wait by a tenth
 * up or down, so that clients that lost their server together do not come back together.
 */
export function nextWait(rules: RetransmissionRules, previous: number, random: number): number {
  const jitter = (random - 0.5) / 5
  if (previous === 0) return rules.timeoutMs * (1 + jitter)
  const wait = previous * (2 + jitter)
  return wait > rules.longestTimeoutMs ? rules.longestTimeoutMs * (1 + jitter) : wait
}
