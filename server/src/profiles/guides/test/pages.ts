import { findingsOf, makeFiles } from '../../make-files.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { isObstacle, type ProfileOutput } from '../../profile-output.ts'

/** The page of an output. */
export function pageText(output: ProfileOutput, input: ProfileInput): string {
  const [page] = makeFiles(output, input)
  if (page === undefined || typeof page.content !== 'string') throw new Error(`${output.id} made no page`)
  return page.content
}

export function isPossible(output: ProfileOutput, input: ProfileInput): boolean {
  return !findingsOf(output, input).some(isObstacle)
}
