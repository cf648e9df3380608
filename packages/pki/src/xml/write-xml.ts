/** XML that is written: made of these functions alone, so that no value can become markup. */
export class XmlText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type XmlContent = XmlText | string | number | boolean | readonly XmlContent[]

/** What an attribute or a text may not hold: XML 1.0 section 2.2. It is left out; no client could read it. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A reader would make a space or a line feed of them.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
}

export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replace(/[&<>"'\r\n\t]/g, (mark) => ESCAPES[mark] as string) // of the same marks
}

/** `name` and the names of `attributes` are literals of the program, with their prefix. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly XmlContent[]
): XmlText {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
  const inner = content.map(textOf).join('')
  return new XmlText(`<${name}${written.join('')}${inner === '' ? '/>' : `>${inner}</${name}>`}`)
}

function textOf(content: XmlContent): string {
  if (content instanceof XmlText) return content.text
  if (Array.isArray(content)) return content.map(textOf).join('')
  return escapeXml(String(content))
}
