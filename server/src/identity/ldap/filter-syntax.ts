/** RFC 4515 section 3: attribute with options, extensible matching, operator, value whose special characters are escaped. */
const ITEM =
  /^(?:[A-Za-z0-9.;-]*(?::dn)?(?::[A-Za-z0-9.-]+)?:=|[A-Za-z0-9.;-]+(?:=|~=|>=|<=))(?:[^\\()\0]|\\[0-9A-Fa-f]{2})*$/
const DEEPEST = 20

/**
 * What is wrong with the text of a filter; undefined: nothing. Strict, because the filter of a search is put together
 * around it: what ends early or late would change the meaning of the rest.
 */
export function filterFault(text: string): string | undefined {
  const read = readFilter(text, 0, 0)
  if (typeof read === 'string') return read
  return read === text.length ? undefined : `it goes on after its end: ${text.slice(read, read + 20)}`
}

/** Position after the filter that begins at `start`, or the fault. */
function readFilter(text: string, start: number, depth: number): number | string {
  if (depth > DEEPEST) return `it is nested more than ${DEEPEST} deep`
  if (text.charAt(start) !== '(') return `a ( is missing at character ${start + 1}`
  const operator = text.charAt(start + 1)
  if (operator !== '' && '&|!'.includes(operator)) return readSet(text, start, depth)
  const end = text.indexOf(')', start)
  const item = text.slice(start + 1, end < 0 ? undefined : end)
  if (end < 0) return `the ) of (${item} is missing`
  return ITEM.test(item) ? end + 1 : `(${item}) is not of the form (attribute=value)`
}

function readSet(text: string, start: number, depth: number): number | string {
  const operator = text.charAt(start + 1)
  let position = start + 2
  let count = 0
  while (text.charAt(position) === '(') {
    const read = readFilter(text, position, depth + 1)
    if (typeof read === 'string') return read
    position = read
    count += 1
  }
  if (text.charAt(position) !== ')') return `the ) of (${operator} is missing at character ${position + 1}`
  if (count === 0 || (operator === '!' && count > 1)) return `(${operator} has ${count} filters in it`
  return position + 1
}
