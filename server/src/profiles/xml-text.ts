import { UnwritableText } from './unwritable-text.ts'

/** What XML 1.0 section 2.2 does not allow in a document, in any way of writing it. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A reader would make a space or a line feed of them (sections 2.11 and 3.3.3).
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
}

/** Text as it stands between tags or inside an attribute. @throws UnwritableText */
export function xmlText(text: string): string {
  if (!text.isWellFormed() || FORBIDDEN.test(text)) throw new UnwritableText(text, 'XML')
  return text.replace(/[&<>"'\r\n\t]/g, (mark) => ESCAPES[mark] as string) // of the same marks
}

/** An element that is made here alone, so that no value can become markup. */
export interface XmlNode {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly content: string | readonly XmlNode[]
}

type Content = string | number | boolean | readonly (XmlNode | undefined)[]

/** `name` and the names of `attributes` are literals of the program. What is undefined is left out. */
export function xml(
  name: string,
  content: Content,
  attributes: Readonly<Record<string, string>> = {},
): XmlNode {
  if (!Array.isArray(content)) return { name, attributes, content: String(content) }
  return { name, attributes, content: content.filter((node): node is XmlNode => node !== undefined) }
}

/** A document in UTF-8 with its declaration, two spaces a level. */
export function xmlDocument(root: XmlNode, declared = '<?xml version="1.0" encoding="UTF-8"?>'): string {
  return `${declared}${declared === '' ? '' : '\n'}${written(root, '')}\n`
}

/** An element on one line without a declaration, as other documents and scripts carry it. */
export function xmlFragment({ name, attributes, content }: XmlNode): string {
  const inner = typeof content === 'string' ? xmlText(content) : content.map(xmlFragment).join('')
  return inner === '' ? `<${opening(name, attributes)}/>` : `<${opening(name, attributes)}>${inner}</${name}>`
}

function written(node: XmlNode, indent: string): string {
  const { name, attributes, content } = node
  if (typeof content === 'string' || content.length === 0) return `${indent}${xmlFragment(node)}`
  const inner = content.map((child) => written(child, `${indent}  `)).join('\n')
  return `${indent}<${opening(name, attributes)}>\n${inner}\n${indent}</${name}>`
}

function opening(name: string, attributes: Readonly<Record<string, string>>): string {
  return [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${xmlText(value)}"`)].join(' ')
}
