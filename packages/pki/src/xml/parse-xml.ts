import { XmlElement } from './xml-element.ts'
import { XmlError, type XmlFault } from './xml-error.ts'

export interface XmlLimits {
  readonly octets: number
  readonly depth: number
  /** Elements and attributes together. */
  readonly nodes: number
}

const LIMITS: XmlLimits = { octets: 256 * 1024, depth: 32, nodes: 2000 }
const XML = 'http://www.w3.org/XML/1998/namespace'
const XMLNS = 'http://www.w3.org/2000/xmlns/'
/** Narrower than XML: no protocol of ours has names beyond ASCII. */
const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y
const SPACE = /[ \t\r\n]*/y
const DECLARATION =
  /<\?xml version="1\.[0-9]"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")? ?\?>/y
const REFERENCE = /&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/y
/** XML 1.0 section 2.2. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Reads an XML document of a SOAP message (SOAP 1.2 part 1 section 5): UTF-8, namespaces, the five entities every document
 * has. A document type is refused, and with it every entity of one's own, inside or outside; so are processing
 * instructions. Time and memory grow with the length of the document alone.
 * @throws XmlError and nothing else
 */
export function parseXml(octets: Uint8Array, limits: Partial<XmlLimits> = {}): XmlElement {
  return new XmlReader(octets, { ...LIMITS, ...limits }).document()
}

type Scope = ReadonlyMap<string, string>
interface Attribute {
  readonly name: string
  readonly value: string
}
interface Open {
  readonly tag: string
  readonly scope: Scope
  readonly namespace: string
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlElement[]
  readonly text: string[]
}

class XmlReader {
  readonly #text: string
  readonly #limits: XmlLimits
  #at = 0
  #nodes = 0

  constructor(octets: Uint8Array, limits: XmlLimits) {
    this.#limits = limits
    if (octets.length > limits.octets)
      throw new XmlError('too-large', 0, `a document of ${octets.length} octets`)
    try {
      this.#text = new TextDecoder('utf-8', { fatal: true }).decode(octets)
    } catch {
      throw new XmlError('not-utf8', 0, 'the document is not in UTF-8')
    }
    const forbidden = FORBIDDEN.exec(this.#text)
    if (forbidden !== null) throw new XmlError('syntax', forbidden.index, 'a character XML does not allow')
  }

  document(): XmlElement {
    this.#match(DECLARATION)
    this.#misc()
    const root = this.#element()
    this.#misc()
    if (this.#at < this.#text.length) throw this.#fault('syntax', 'something stands after the document')
    return root
  }

  /** One element and all inside it: a loop with a stack of its own, so that depth costs no stack of ours. */
  #element(): XmlElement {
    const open: Open[] = []
    for (;;) {
      if (!this.#looking('<')) throw this.#fault('syntax', 'an element should begin')
      const { begun, isEmpty } = this.#startTag(open)
      if (isEmpty) {
        const done = finished(begun)
        const parent = open.at(-1)
        if (parent === undefined) return done
        parent.children.push(done)
      } else open.push(begun)
      const done = this.#content(open)
      if (done !== undefined) return done
    }
  }

  /** Up to the next start tag; the document's element where it ends. */
  #content(open: Open[]): XmlElement | undefined {
    for (;;) {
      const current = open.at(-1) as Open // an element without end is not left before its end tag
      const next = this.#text.indexOf('<', this.#at)
      if (next < 0) throw this.#fault('syntax', `<${current.tag}> does not end`)
      current.text.push(this.#resolved(this.#text.slice(this.#at, next), this.#at))
      this.#at = next
      if (this.#comment()) continue
      if (!this.#text.startsWith('</', this.#at)) return undefined
      const done = this.#endTag(current)
      open.pop()
      const parent = open.at(-1)
      if (parent === undefined) return done
      parent.children.push(done)
    }
  }

  #startTag(open: readonly Open[]): { begun: Open; isEmpty: boolean } {
    const start = this.#at
    this.#refuseMarkup()
    if (open.length >= this.#limits.depth)
      throw this.#fault('depth', `more than ${this.#limits.depth} levels`)
    this.#at++
    const tag = this.#name('element')
    this.#count()
    const raw: Attribute[] = []
    for (;;) {
      const before = this.#at
      this.#match(SPACE)
      if (this.#text.startsWith('/>', this.#at) || this.#looking('>')) break
      if (this.#at === before) throw this.#fault('syntax', `<${tag}> is written wrongly`)
      raw.push(this.#attribute())
    }
    const isEmpty = this.#looking('/')
    this.#at += isEmpty ? 2 : 1
    const scope = this.#scope(open.at(-1)?.scope ?? new Map([['xml', XML]]), raw)
    const { namespace, name } = this.#resolve(tag, scope, scope.get('') ?? '', start)
    const attributes = this.#attributes(raw, scope, start)
    return { begun: { tag, scope, namespace, name, attributes, children: [], text: [] }, isEmpty }
  }

  #endTag(current: Open): XmlElement {
    this.#at += 2
    const tag = this.#name('end tag')
    if (tag !== current.tag) throw this.#fault('syntax', `</${tag}> where </${current.tag}> should be`)
    this.#match(SPACE)
    if (!this.#looking('>')) throw this.#fault('syntax', `</${tag}> is written wrongly`)
    this.#at++
    return finished(current)
  }

  #attribute(): Attribute {
    const name = this.#name('attribute')
    this.#count()
    this.#match(SPACE)
    if (!this.#looking('=')) throw this.#fault('syntax', `attribute ${name} has no value`)
    this.#at++
    this.#match(SPACE)
    const quote = this.#text[this.#at]
    if (quote !== '"' && quote !== "'") throw this.#fault('syntax', `attribute ${name} has no quotation mark`)
    const end = this.#text.indexOf(quote, this.#at + 1)
    if (end < 0) throw this.#fault('syntax', `attribute ${name} does not end`)
    const value = this.#text.slice(this.#at + 1, end)
    if (value.includes('<')) throw this.#fault('syntax', `attribute ${name} holds <`)
    const resolved = this.#resolved(value.replace(/[\t\n\r]/g, ' '), this.#at + 1)
    this.#at = end + 1
    return { name, value: resolved }
  }

  /** Namespaces in XML 1.0 sections 3 and 5. */
  #scope(outer: Scope, raw: readonly Attribute[]): Scope {
    let inner: Map<string, string> | undefined
    for (const { name, value } of raw) {
      const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice(6) : undefined
      if (prefix === undefined) continue
      const isReserved = prefix === 'xml' || prefix === 'xmlns' || value === XML || value === XMLNS
      if (isReserved || (prefix !== '' && value === ''))
        throw this.#fault('namespace', `prefix '${prefix}' cannot be declared so`)
      inner ??= new Map(outer)
      inner.set(prefix, value)
    }
    return inner ?? outer
  }

  #attributes(raw: readonly Attribute[], scope: Scope, at: number): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    const written = new Set<string>()
    for (const { name, value } of raw) {
      if (written.has(name)) throw new XmlError('attribute', at, `attribute ${name} twice`)
      written.add(name)
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue
      const { namespace, name: local } = this.#resolve(name, scope, '', at)
      const key = namespace === '' ? local : `{${namespace}}${local}`
      // Two prefixes of one namespace: the same attribute.
      if (found.has(key)) throw new XmlError('attribute', at, `attribute ${key} twice`)
      found.set(key, value)
    }
    return found
  }

  #resolve(written: string, scope: Scope, bare: string, at: number): { namespace: string; name: string } {
    const colon = written.indexOf(':')
    if (colon < 0) return { namespace: bare, name: written }
    const namespace = scope.get(written.slice(0, colon))
    if (namespace === undefined) throw new XmlError('namespace', at, `prefix of ${written} is not declared`)
    return { namespace, name: written.slice(colon + 1) }
  }

  #resolved(text: string, at: number): string {
    // XML 1.0 section 2.11: line ends are one character, unless written as a reference.
    const plain = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
    if (plain.includes(']]>')) throw new XmlError('syntax', at, 'text holds ]]>')
    if (!plain.includes('&')) return plain
    let result = ''
    let from = 0
    for (let next = plain.indexOf('&'); next >= 0; next = plain.indexOf('&', from)) {
      REFERENCE.lastIndex = next
      const match = REFERENCE.exec(plain)
      if (match === null) throw new XmlError('entity', at + next, 'an entity nobody knows')
      result += plain.slice(from, next) + character(match, at + next)
      from = REFERENCE.lastIndex
    }
    return result + plain.slice(from)
  }

  #misc(): void {
    do this.#match(SPACE)
    while (this.#comment())
  }

  #comment(): boolean {
    if (!this.#text.startsWith('<!--', this.#at)) return false
    const end = this.#text.indexOf('--', this.#at + 4)
    if (end < 0 || this.#text[end + 2] !== '>') throw this.#fault('syntax', 'a comment is written wrongly')
    this.#at = end + 3
    return true
  }

  #refuseMarkup(): void {
    if (this.#text.startsWith('<!DOCTYPE', this.#at))
      throw this.#fault('document-type', 'a document type is not allowed')
    if (this.#text.startsWith('<?', this.#at))
      throw this.#fault('processing-instruction', 'a processing instruction is not allowed')
    if (this.#text.startsWith('<!', this.#at)) throw this.#fault('syntax', 'CDATA is not taken')
  }

  #name(what: string): string {
    const name = this.#match(NAME)
    if (name === '') throw this.#fault('syntax', `${what} without a name`)
    return name
  }

  #count(): void {
    if (++this.#nodes > this.#limits.nodes)
      throw this.#fault('count', `more than ${this.#limits.nodes} elements and attributes`)
  }

  #looking(text: string): boolean {
    return this.#text[this.#at] === text
  }

  /** Takes what matches here; empty where nothing does. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? ['']
    this.#at += found.length
    return found
  }

  #fault(fault: XmlFault, message: string): XmlError {
    return new XmlError(fault, this.#at, message)
  }
}

function finished({ namespace, name, attributes, children, text }: Open): XmlElement {
  return new XmlElement({ namespace, name, attributes, children, text: text.join('') })
}

function character([, hexadecimal, decimal, entity]: RegExpExecArray, at: number): string {
  if (entity !== undefined) return ENTITIES[entity] as string // of the pattern
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  const text = code > 0x10ffff || isSurrogate ? '\0' : String.fromCodePoint(code)
  if (FORBIDDEN.test(text)) throw new XmlError('entity', at, 'a reference to a character XML does not allow')
  return text
}
