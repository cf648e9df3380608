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
  if (repeatsAmbiguously(pattern)) {
    return 'A repeated group that holds a repetition or an alternative can take for ever on hostile text; write the pattern without it.'
  }
  if (mostSteps(pattern) > MOST_REPETITIONS) {
    return 'So many repetitions in one pattern can take seconds on hostile text. Begin it with ^, and use at most two of *, + and {n,}; startsWith(), endsWith() and contains() cost nothing.'
  }
  return undefined
}

/** Facts are at most some 253 octets long, so two nested repetitions are some 64,000 steps: well under a millisecond. */
const MOST_REPETITIONS = 2
/** A counted repetition up to here is a handful of characters; beyond, it counts as a repetition without an end. */
const SMALL_COUNT = 20

/**
 * How many repetitions a backtracking engine may try in each other: each one without an end, one more where the pattern
 * may begin anywhere, and as good as infinitely many where it refers back to a group.
 */
function mostSteps(pattern: string): number {
  if (/\\[1-9]|\\k</.test(pattern)) return Number.POSITIVE_INFINITY
  const plain = pattern.replace(/\\./gs, 'x').replace(/\[[^\]]*\]/g, 'x')
  const endless = plain.match(/[*+]|\{\d+,\}/g)?.length ?? 0
  const counted = [...plain.matchAll(/\{(?:\d+,)?(\d+)\}/g)].filter(
    ([, most]) => Number(most) > SMALL_COUNT,
  ).length
  const isAnchored = plain.startsWith('^') && !plain.includes('|')
  return endless + counted + (isAnchored ? 0 : 1)
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
