import { concat, fromUtf8 } from '@sallyport/bytes'
import { invalidRequest } from '../pki-error.ts'
import { contextConstructed, TAG } from './tags.ts'

/** One DER element. `parts` are concatenated as its content. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  return concat(Uint8Array.of(tag, ...lengthOctets(length)), ...parts)
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff)
  return [0x80 | octets.length, ...octets]
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(TAG.sequence, ...parts)
}

/** SET OF: X.690 section 11.6 wants the members sorted. */
export function setOf(...members: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(TAG.set, ...[...members].sort(Buffer.compare))
}

export function explicit(number: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(contextConstructed(number), ...parts)
}

/** From an integer, or from big-endian magnitude octets of a non-negative one. */
export function integer(value: number | Uint8Array): Uint8Array<ArrayBuffer> {
  if (typeof value === 'number') return element(TAG.integer, magnitude(magnitudeOctets(value)))
  return element(TAG.integer, magnitude(value))
}

export function enumerated(value: number): Uint8Array<ArrayBuffer> {
  return element(TAG.enumerated, magnitude(magnitudeOctets(value)))
}

/** Magnitude octets of a non-negative safe integer. */
function magnitudeOctets(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw invalidRequest(`integer ${value}`)
  const octets = new Uint8Array(8)
  new DataView(octets.buffer).setBigUint64(0, BigInt(value))
  return octets
}

function magnitude(octets: Uint8Array): Uint8Array {
  let start = 0
  while (start < octets.length - 1 && octets[start] === 0) start++
  const trimmed = octets.subarray(start)
  return (trimmed[0] ?? 0) >= 0x80 || trimmed.length === 0 ? concat(Uint8Array.of(0), trimmed) : trimmed
}

export function boolean(value: boolean): Uint8Array<ArrayBuffer> {
  return element(TAG.boolean, Uint8Array.of(value ? 0xff : 0))
}

export function octetString(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return element(TAG.octetString, octets)
}

/** A BIT STRING of whole octets. */
export function bitString(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return element(TAG.bitString, Uint8Array.of(0), octets)
}

/** A named-bit-list: X.690 section 11.2.2 wants trailing zero bits removed. */
export function namedBits(bits: Iterable<number>): Uint8Array<ArrayBuffer> {
  const sorted = [...bits].sort((a, b) => a - b)
  const highest = sorted.at(-1)
  if (highest === undefined) return element(TAG.bitString, Uint8Array.of(0))
  const octets = new Uint8Array((highest >> 3) + 1)
  for (const bit of sorted) octets[bit >> 3] = (octets[bit >> 3] as number) | (0x80 >> (bit & 7))
  return element(TAG.bitString, Uint8Array.of(7 - (highest & 7)), octets)
}

export function oid(dotted: string): Uint8Array<ArrayBuffer> {
  return element(TAG.oid, oidOctets(dotted))
}

export function oidOctets(dotted: string): Uint8Array {
  if (!/^[012](\.(0|[1-9]\d{0,14}))+$/.test(dotted)) throw invalidRequest(`'${dotted}' is not an OID`)
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  const octets: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const group = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      group.unshift(0x80 | (left % 128))
    octets.push(...group)
  }
  return Uint8Array.from(octets)
}

export function nullValue(): Uint8Array<ArrayBuffer> {
  return element(TAG.null)
}

export function utf8String(text: string): Uint8Array<ArrayBuffer> {
  return element(TAG.utf8String, fromUtf8(text))
}

export function printableString(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw invalidRequest(`'${text}' is no PrintableString`)
  return element(TAG.printableString, fromUtf8(text))
}

export function ia5Octets(text: string): Uint8Array {
  if (/\P{ASCII}/u.test(text)) throw invalidRequest(`'${text}' has characters outside ASCII`)
  return fromUtf8(text)
}

/** RFC 5280 section 4.1.2.5: UTCTime through the year 2049, GeneralizedTime after it. Whole seconds. */
export function time(milliseconds: number): Uint8Array<ArrayBuffer> {
  const digits = timeDigits(milliseconds)
  return digits < '2050'
    ? element(TAG.utcTime, fromUtf8(digits.slice(2)))
    : element(TAG.generalizedTime, fromUtf8(digits))
}

/** Whole seconds, in UTC: OCSP and invalidity dates want this form whatever the year. */
export function generalizedTime(milliseconds: number): Uint8Array<ArrayBuffer> {
  return element(TAG.generalizedTime, fromUtf8(timeDigits(milliseconds)))
}

/** `YYYYMMDDHHMMSSZ` */
function timeDigits(milliseconds: number): string {
  const date = new Date(milliseconds)
  const year = date.getUTCFullYear()
  if (!(year >= 1950 && year <= 9999)) throw invalidRequest(`time ${milliseconds} cannot be written`)
  return date.toISOString().replace(/[-:T]|\.\d+/g, '')
}
