import { malformed } from '../pki-error.ts'
import type { DerReader, Element } from './der-reader.ts'
import { TAG } from './tags.ts'

export function readBoolean(element: Element): boolean {
  const [value] = element.content
  if (element.content.length !== 1 || (value !== 0 && value !== 0xff)) throw malformed('BOOLEAN not in DER')
  return value === 0xff
}

/** Content octets of an INTEGER in DER (two's complement, shortest form). */
export function readInteger(element: Element): Uint8Array {
  const [first, second] = element.content
  if (first === undefined) throw malformed('empty INTEGER')
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed('INTEGER not in its shortest form')
  }
  return element.content
}

/** A non-negative INTEGER, or ENUMERATED, of at most 31 bits: path lengths, reason codes, skip counts. */
export function readSmallInteger(element: Element): number {
  const octets = readInteger(element)
  if ((octets[0] as number) >= 0x80 || octets.length > 4) throw malformed('INTEGER out of range')
  let value = 0
  for (const octet of octets) value = value * 256 + octet
  return value
}

/** X.690 section 8.19: dotted decimal. Arcs above 2^53 are refused. */
export function readOid(element: Element): string {
  const { content } = element
  if (content.length === 0 || (content[content.length - 1] as number) >= 0x80)
    throw malformed('OID cut short')
  const arcs: number[] = []
  let arc = 0
  let fresh = true
  for (const octet of content) {
    if (fresh && octet === 0x80) throw malformed('OID arc not in its shortest form')
    arc = arc * 128 + (octet & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER) throw malformed('OID arc too large')
    fresh = octet < 0x80
    if (!fresh) continue
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)))
    else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

export function expectOid(reader: DerReader, what: string): string {
  return readOid(reader.expect(TAG.oid, what))
}

/** A BIT STRING of whole octets: keys and signatures. */
export function readOctetAlignedBits(element: Element): Uint8Array {
  const [unused] = element.content
  if (unused !== 0) throw malformed('BIT STRING is not a whole number of octets')
  return element.content.subarray(1)
}

/** A named-bit-list (KeyUsage, ReasonFlags): bit 0 is the highest bit of the first octet. */
export function readNamedBits(element: Element): ReadonlySet<number> {
  const [unused] = element.content
  const octets = element.content.subarray(1)
  if (unused === undefined || unused > 7 || (octets.length === 0 && unused !== 0)) {
    throw malformed('BIT STRING with wrong count of unused bits')
  }
  const bits = new Set<number>()
  for (let bit = 0; bit < octets.length * 8 - unused; bit++) {
    if (((octets[bit >> 3] as number) >> (7 - (bit & 7))) & 1) bits.add(bit)
  }
  return bits
}

/**
 * UTCTime and GeneralizedTime as RFC 5280 section 4.1.2.5 allows them: seconds present, `Z`, no fraction.
 * Milliseconds since the epoch.
 */
export function readTime(element: Element): number {
  const text = latin1(element.content)
  const pattern = element.tag === TAG.utcTime ? /^(\d\d)(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/
  const match = element.tag === TAG.utcTime || element.tag === TAG.generalizedTime ? pattern.exec(text) : null
  if (match === null) throw malformed(`time '${text}' is not in the form of RFC 5280`)
  const [, yearText, rest] = match as unknown as [string, string, string] // both groups are mandatory
  const short = Number(yearText)
  const year = element.tag === TAG.generalizedTime ? short : short < 50 ? 2000 + short : 1900 + short
  const [month, day, hour, minute, second] = (rest.match(/\d\d/g) ?? []).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  time.setUTCHours(hour, minute, second)
  const same = time.getUTCMonth() === month - 1 && time.getUTCDate() === day && time.getUTCHours() === hour
  if (!same || minute > 59 || second > 59) throw malformed(`time '${text}' does not exist`)
  return time.getTime()
}

/** ASCII of IA5String and its like; octets above 127 are refused. */
export function readAscii(element: Element): string {
  const text = latin1(element.content)
  if (/\P{ASCII}/u.test(text)) throw malformed('octets above 127 in an IA5String')
  return text
}

export function latin1(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}
