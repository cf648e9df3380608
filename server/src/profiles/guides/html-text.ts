import { UnwritableText } from '../unwritable-text.ts'

/** HTML that was made here; a string never becomes one without being escaped. */
export class Html {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type HtmlContent = Html | string | readonly HtmlContent[]

/** A document cannot hold them, and a browser would show something else instead (HTML 13.2.3.5). */
const FORBIDDEN = /[\p{Cc}\p{Noncharacter_Code_Point}]/u
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text between tags or in an attribute. @throws UnwritableText */
export function htmlText(text: string): string {
  if (!text.isWellFormed() || FORBIDDEN.test(text)) throw new UnwritableText(text, 'a page')
  return text.replace(/[&<>"']/g, (mark) => ESCAPES[mark] as string) // of the same marks
}

const VOID = new Set(['br', 'img', 'input', 'meta'])

/** Name and names of attributes are literals of the program. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...content: HtmlContent[]
): Html {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${htmlText(value)}"`)
  const opening = `<${name}${written.join('')}>`
  return new Html(VOID.has(name) ? opening : `${opening}${sourceOf(content)}</${name}>`)
}

/** A name somebody gave: its direction stays within it (HTML 4.5.24). */
export const isolated = (text: string): Html => element('bdi', {}, text)

const SCHEMES = /^(https|mailto|tel):/i

/** Only what a page of an organisation links to; anything else is shown as text. */
export function link(url: string, text: string): Html {
  return SCHEMES.test(url) ? element('a', { href: url, rel: 'noreferrer' }, isolated(text)) : isolated(text)
}

export function sourceOf(content: HtmlContent): string {
  if (content instanceof Html) return content.source
  if (typeof content === 'string') return htmlText(content)
  return content.map(sourceOf).join('')
}
