import { UnwritableText } from '../unwritable-text.ts'
import { type XmlNode, xmlDocument } from '../xml-text.ts'

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
  if (!isScriptText(text)) throw new UnwritableText(text, 'a PowerShell script')
  const verbatim = (inner: string) => `'${inner.replaceAll("'", "''")}'`
  if (/^[\x20-\x7e]*$/.test(text)) return verbatim(text)
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  // In brackets: as an argument of a command it would be a bare word.
  return `([regex]::Unescape(${verbatim(escaped)}))`
}

export function isScriptText(text: string): boolean {
  return text.isWellFormed() && !FORBIDDEN.test(text)
}

/** Texts as an array; an empty one stays an array. */
export function powershellTexts(texts: readonly string[]): string {
  return `@(${texts.map(powershellText).join(', ')})`
}

/**
 * A text of a comment, on one line of ASCII; only a line feed could end it. The label stands before it, so that no text begins
 * what PowerShell reads in comments: `#Requires`, `# SIG #`.
 */
export function powershellComment(label: string, text: string): string {
  return `# ${label}: ${text.toWellFormed().replace(/[^\x20-\x7e]/gu, '?')}`
}

/** Octets as an array of octets. base64 has no letter that means anything. */
export function powershellOctets(octets: Uint8Array): readonly string[] {
  const lines = Buffer.from(octets)
    .toString('base64')
    .match(/.{1,100}/g) ?? ['']
  const last = lines.length - 1
  return [
    '[Convert]::FromBase64String(',
    ...lines.map((line, index) => `  '${line}'${index === last ? '' : ' +'}`),
    ')',
  ]
}

/**
 * An XML document as a verbatim here-string, which ends at a line that begins with '@. No line of XML does: an apostrophe of
 * a text is &apos; there, a line feed &#10;, and what is not ASCII a number.
 */
export function powershellXml(root: XmlNode): readonly string[] {
  const document = xmlDocument(root, '').trim()
  const ascii = document.replace(/[^\n\x20-\x7e]/gu, (letter) => `&#${String(letter.codePointAt(0))};`)
  return ["@'", ...ascii.split('\n'), "'@"]
}

/** A whole script as Windows has its text files. */
export function powershellFile(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`
}
