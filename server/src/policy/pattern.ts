/**
 * What is wrong with a regular expression of a condition; undefined where nothing is. Patterns run over text that an
 * attacker chooses, on JavaScript's backtracking engine: a repeated group that can match the same text in several ways
 * would let him choose the time, too. So a group that is repeated holds no repetition and no alternative.
 */
export function complaintAboutPattern(pattern: string): string | undefined {
  try {
    new RegExp(pattern)
  } catch (error) {
    return `The pattern is not a regular expression: ${error instanceof Error ? error.message : pattern}.`
  }
  return repeatsAmbiguously(pattern)
    ? 'A repeated group that holds a repetition or an alternative can take for ever on hostile text; write the pattern without it.'
    : undefined
}

function repeatsAmbiguously(pattern: string): boolean {
  // Escaped characters and classes stand for one character each; what follows `(?` is no quantifier.
  let rest = pattern
    .replace(/\\./gs, 'x')
    .replace(/\[[^\]]*\]/g, 'x')
    .replace(/\(\?(?:[:=!]|<[=!]|<\w+>)/g, '(')
  // From the innermost group outwards; a group leaves behind whether it is ambiguous inside.
  for (;;) {
    const group = /\(([^()]*)\)([+*{?]?)/.exec(rest)
    if (group === null) return false
    const [whole, inside = '', quantifier = ''] = group
    const ambiguous = /[+*{?|]/.test(inside)
    if (ambiguous && /[+*{]/.test(quantifier)) return true
    rest =
      rest.slice(0, group.index) +
      (ambiguous ? '+' : 'x') +
      rest.slice(group.index + whole.length - quantifier.length)
  }
}
