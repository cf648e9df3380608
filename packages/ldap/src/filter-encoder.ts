import { concat, fromUtf8 } from '@sallyport/bytes'
import { boolean, text, tlv } from './ber-writer.ts'
import { LdapError } from './ldap-error.ts'
import { FILTER_TAG, TAG } from './tags.ts'

/** A server need not follow deeper, and this parser recurses. */
const DEPTH = 32

/**
 * A filter as people write it (RFC 4515) as octets of a search request (RFC 4511 section 4.5.1.7).
 * @throws LdapError `invalid-filter`, with the position
 */
export function encodeFilter(filter: string): Uint8Array<ArrayBuffer> {
  const parser = new FilterParser(filter)
  const octets = parser.filter(0)
  if (parser.at !== filter.length) throw invalid(filter, parser.at, 'more than one filter')
  return octets
}

class FilterParser {
  readonly #filter: string
  at = 0

  constructor(filter: string) {
    this.#filter = filter
  }

  filter(depth: number): Uint8Array<ArrayBuffer> {
    if (depth > DEPTH) throw invalid(this.#filter, this.at, `nested deeper than ${DEPTH}`)
    this.#expect('(')
    const octets = this.#component(depth)
    this.#expect(')')
    return octets
  }

  #component(depth: number): Uint8Array<ArrayBuffer> {
    switch (this.#filter[this.at]) {
      case '&':
        return this.#list(FILTER_TAG.and, depth)
      case '|':
        return this.#list(FILTER_TAG.or, depth)
      case '!':
        this.at++
        return tlv(FILTER_TAG.not, this.filter(depth + 1))
      default:
        return this.#item()
    }
  }

  #list(tag: number, depth: number): Uint8Array<ArrayBuffer> {
    this.at++
    const members: Uint8Array[] = []
    while (this.#filter[this.at] === '(') members.push(this.filter(depth + 1))
    // RFC 4526 gives the empty list a meaning (always true, always false) that nobody writes on purpose.
    if (members.length === 0) throw invalid(this.#filter, this.at, 'a list without filters')
    return tlv(tag, ...members)
  }

  #item(): Uint8Array<ArrayBuffer> {
    const start = this.at
    const end = this.#filter.indexOf(')', start)
    if (end < 0) throw invalid(this.#filter, this.#filter.length, 'a bracket is not closed')
    const item = this.#filter.slice(start, end)
    this.at = end
    const match = /^([A-Za-z0-9.;-]*)((?::dn)?(?::[A-Za-z0-9.-]+)?:=|[~<>]?=)([^(]*)$/is.exec(item)
    if (match === null) throw invalid(this.#filter, start, `"${item}" is no comparison`)
    const [, attribute = '', operator = '', value = ''] = match
    if (operator.endsWith(':=')) return this.#extensible(attribute, operator, value, start)
    if (attribute === '') throw invalid(this.#filter, start, 'an attribute is missing')
    switch (operator) {
      case '~=':
        return this.#pair(FILTER_TAG.approximate, attribute, value)
      case '<=':
        return this.#pair(FILTER_TAG.lessOrEqual, attribute, value)
      case '>=':
        return this.#pair(FILTER_TAG.greaterOrEqual, attribute, value)
    }
    if (value === '*') return text(attribute, FILTER_TAG.present)
    return value.includes('*')
      ? this.#substrings(attribute, value, start)
      : this.#pair(FILTER_TAG.equality, attribute, value)
  }

  #pair(tag: number, attribute: string, value: string): Uint8Array<ArrayBuffer> {
    if (value.includes('*')) throw invalid(this.#filter, this.at, 'a * where none can stand')
    return tlv(tag, text(attribute), tlv(TAG.octetString, this.#octets(value)))
  }

  #substrings(attribute: string, value: string, start: number): Uint8Array<ArrayBuffer> {
    const parts = value.split('*')
    const last = parts.length - 1
    const written = parts.flatMap((part, index) => {
      if (part === '') return []
      const tag = index === 0 ? FILTER_TAG.initial : index === last ? FILTER_TAG.final : FILTER_TAG.any
      return [tlv(tag, this.#octets(part))]
    })
    if (written.length === 0) throw invalid(this.#filter, start, 'nothing but *')
    return tlv(FILTER_TAG.substrings, text(attribute), tlv(TAG.sequence, ...written))
  }

  #extensible(attribute: string, operator: string, value: string, start: number): Uint8Array<ArrayBuffer> {
    const inside = operator.slice(0, -2)
    const isDn = /^:dn(?=:|$)/i.test(inside)
    const rule = isDn ? inside.slice(4) : inside.slice(1)
    if (attribute === '' && rule === '')
      throw invalid(this.#filter, start, 'an attribute or a rule is missing')
    return tlv(
      FILTER_TAG.extensible,
      ...(rule === '' ? [] : [text(rule, FILTER_TAG.matchingRule)]),
      ...(attribute === '' ? [] : [text(attribute, FILTER_TAG.type)]),
      tlv(FILTER_TAG.matchValue, this.#octets(value)),
      ...(isDn ? [boolean(true, FILTER_TAG.dnAttributes)] : []),
    )
  }

  #octets(value: string): Uint8Array {
    if (value.includes('\0')) throw invalid(this.#filter, this.at, 'a NUL that is not escaped')
    if (!value.includes('\\')) return fromUtf8(value)
    const parts = value.split('\\')
    return concat(
      fromUtf8(parts[0] as string),
      ...parts.slice(1).flatMap((part) => {
        const code = part.slice(0, 2)
        if (!/^[0-9a-f]{2}$/i.test(code))
          throw invalid(this.#filter, this.at, 'a \\ without two hexadecimal digits')
        return [Uint8Array.of(Number.parseInt(code, 16)), fromUtf8(part.slice(2))]
      }),
    )
  }

  #expect(character: string): void {
    if (this.#filter[this.at] !== character) throw invalid(this.#filter, this.at, `"${character}" is missing`)
    this.at++
  }
}

function invalid(filter: string, at: number, what: string): LdapError {
  return new LdapError('invalid-filter', `${what} at character ${at + 1} of ${filter}`)
}
