import type { DirectoryUnavailable, SearchAnswer } from '../directory.ts'
import { unanswered as refused } from '../refusals.ts'

/** What the service account may not ask, or the server cannot answer, says nothing about the user. */
export function unanswered(
  answer: Exclude<SearchAnswer, { kind: 'entries' }>,
  what: string,
): DirectoryUnavailable {
  if (answer.kind === 'refused') return refused(answer, `a question for ${what}`)
  if (answer.kind === 'unavailable') return answer
  return { kind: 'unavailable', why: `${answer.server} has more entries than expected for ${what}` }
}
