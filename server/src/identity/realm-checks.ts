import type { Problem } from '../config/problem.ts'
import type { Configuration } from '../config/schema.ts'
import { complaintAboutPattern } from '../policy/pattern.ts'

/** Patterns run over names that strangers choose: they are held to what conditions are held to. */
export function checkRealmPatterns({ realms }: Configuration): readonly Problem[] {
  return realms.flatMap(({ name, patterns }) =>
    patterns.flatMap((pattern, index): Problem[] => {
      const message = complaintAboutPattern(pattern) ?? unicodeComplaint(pattern)
      if (message === undefined) return []
      return [
        { path: `realms/${name}/patterns/${index}`, severity: 'error', code: 'pattern-refused', message },
      ]
    }),
  )
}

/** Realms are matched with the flag u, which is stricter about escapes. */
function unicodeComplaint(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'iu')
    return undefined
  } catch (error) {
    return `The pattern is not a regular expression: ${error instanceof Error ? error.message : pattern}.`
  }
}
