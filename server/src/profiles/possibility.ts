import { findingsOf } from './make-files.ts'
import type { ProfileInput } from './profile-input.ts'
import { isObstacle, type ProfileOutput } from './profile-output.ts'

/** Whether files of a form can be made: for anybody, only for somebody named, or not at all. */
export const POSSIBILITIES = ['yes', 'needs-person', 'no'] as const
export type Possibility = (typeof POSSIBILITIES)[number]

const SOMEBODY = { userName: 'somebody' }

/** @param input for nobody in particular */
export function possibilityOf(output: ProfileOutput, input: ProfileInput): Possibility {
  const canMake = (wish: ProfileInput) => !findingsOf(output, wish).some(isObstacle)
  if (canMake(input)) return 'yes'
  return canMake({ ...input, person: SOMEBODY }) ? 'needs-person' : 'no'
}
