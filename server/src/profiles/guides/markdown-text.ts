import { UnwritableText } from '../unwritable-text.ts'

/** Characters that mean something somewhere in CommonMark, GitHub's tables or the HTML within. */
const MEANING = /[\\`*_{}[\]()#+\-.!|<>&~:@=$"'^]/g
const FORBIDDEN = /[\p{Cc}\u{2028}\u{2029}]/u

/** Text of a line of Markdown. A backslash before any ASCII punctuation is that character (CommonMark 2.4). */
export function markdownText(text: string): string {
  return checked(text).replace(MEANING, needsEscape)
}

/** A dot, hyphen and the like mean something only in places this text never stands: pages stay readable. */
function needsEscape(mark: string): string {
  return '.-+:=\'"()!^$@'.includes(mark) ? mark : `\\${mark}`
}

/** A code span, delimited by more backticks than stand in it (CommonMark 6.1); in a table a bar ends the cell. */
export function markdownCode(text: string): string {
  const longest = Math.max(0, ...[...checked(text).matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const inner = /^`|`$|^ .* $/.test(text) ? ` ${text} ` : text
  return `${fence}${inner.replaceAll('|', '\\|')}${fence}`
}

function checked(text: string): string {
  if (text.isWellFormed() && !FORBIDDEN.test(text)) return text
  throw new UnwritableText(text, 'a page')
}
