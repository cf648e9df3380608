import type { Step } from '../method.ts'
import type { EapResult } from '../result.ts'
import type { Verdict } from '../verifier.ts'

/** The step that follows from a verdict when a method has nothing more to say. */
export function stepOf(verdict: Verdict, prove: (proof: unknown) => EapResult): Step {
  switch (verdict.ok) {
    case true:
      return { kind: 'done', result: prove(verdict.proof) }
    case false:
      return { kind: 'fail', reason: verdict.failure }
    case 'unavailable':
      return { kind: 'unavailable' }
  }
}
