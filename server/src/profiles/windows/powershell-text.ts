import { UnwritableText } from '../unwritable-text.ts'

/** They end a line, move a cursor or turn the reading direction: a script shows something else than what it does. */
const FORBIDDEN = /[\p{Cc}\u{2028}\u{2029}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u

/**
 * A text as an expression of PowerShell that is exactly this text. Scripts here are pure ASCII: Windows PowerShell 5.1 reads a
 * file without a mark at its beginning in the code page of the machine, and the file of a script inside a .cmd cannot have
 * one. What is not ASCII is therefore written as \uXXXX, and no typographic apostrophe (U+2018 to U+201B, which ends a
 * string as ' does: PowerShell language specification 2.3.5.2) ever stands in a script. Verbatim strings expand nothing.
 *
 * @throws UnwritableText for control characters, line separators, direction marks and half characters
 */
export function powershellText(text: string): string {
  if (!text.isWellFormed() || FORBIDDEN.test(text)) throw new UnwritableText(text, 'a PowerShell script')
  const verbatim = (inner: string) => `'${inner.replaceAll("'", "''")}'`
  if (/^[\x20-\x7e]*$/.test(text)) return verbatim(text)
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  // In brackets: as an argument of a command it would be a bare word.
  return `([regex]::Unescape(${verbatim(escaped)}))`
}

/** Texts as an array; an empty one stays an array. */
export function powershellTexts(texts: readonly string[]): string {
  return `@(${texts.map(powershellText).join(', ')})`
}

/** A text of a comment, on one line of ASCII. Nothing in it can end the comment, for only a line feed does. */
export function powershellComment(text: string): string {
  return `# ${text.toWellFormed().replace(/[^\x20-\x7e]/gu, '?')}`
}

/** Large text as lines of base64, which hold no character that means anything. The expression is the text. */
export function powershellBase64(content: string | Uint8Array): string {
  const encoded = Buffer.from(content).toString('base64')
  const lines = encoded.match(/.{1,100}/g) ?? ['']
  return `(${lines.map((line) => `'${line}'`).join(' +\n  ')})`
}
