import type { AuthenticationOutcome } from '../source.ts'

/** How long nobody answered, for people: a time-out and a closed port are different faults. */
export function waited(outcome: AuthenticationOutcome, from: number): AuthenticationOutcome {
  if (outcome.kind !== 'unavailable') return outcome
  return { waitedMilliseconds: Math.round(performance.now() - from), ...outcome }
}
