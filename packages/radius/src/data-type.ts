import { Buffer } from 'node:buffer'
import { fromUtf8, Reader, toUtf8, type Writer } from '@sallyport/bytes'
import { formatIpv4, formatIpv6, isMasked, parseIpv4, parseIpv6 } from './ip-address.ts'

/**
 * The data types of RFC 8044 section 3 and the type of the value each one has in this package. Names differ from the
 * RFC in two places, because dictionaries in the field use its word "string" for both: `text` is UTF-8 (section 3.4),
 * `octets` is anything (section 3.5, "string"). "enum" (3.2) is an integer with named values, "concat" (3.6) a flag.
 */
export interface DataTypes {
  uint8: number
  uint16: number
  /** RFC 8044 section 3.1 "integer". */
  uint32: number
  int32: number
  uint64: bigint
  /** Section 3.3: seconds since 1970, unsigned. */
  time: Date
  text: string
  octets: Uint8Array
  /** `0011:2233:4455:6677` */
  ifid: string
  ipv4addr: string
  ipv6addr: string
  /** `2001:db8::/32` */
  ipv6prefix: string
  ipv4prefix: string
  /** IPv4 or IPv6 by its length (not in RFC 8044; some vendors). */
  ipaddr: string
  /** `00:11:22:33:44:55` (not in RFC 8044). */
  ether: string
  /** Containers, as the octets inside: RFC 8044 sections 3.13 to 3.17. */
  tlv: Uint8Array
  vsa: Uint8Array
  extended: Uint8Array
  'long-extended': Uint8Array
  evs: Uint8Array
}

export type DataType = keyof DataTypes
export type ValueOf<T extends DataType> = DataTypes[T]

/** Why octets could not be read as their definition says. They are still there, raw. */
export type UnreadableReason =
  | 'wrong-length'
  | 'empty'
  | 'not-utf8'
  | 'malformed-prefix'
  | 'malformed-tlv'
  | 'malformed-vendor-attribute'
  | 'fragment-missing'
  | 'secret-needed'
  | 'malformed-hiding'
  | 'hiding-unsupported'

/** A value that could not be read, told apart from every value by its class. */
export class Unreadable {
  readonly reason: UnreadableReason
  constructor(reason: UnreadableReason) {
    this.reason = reason
  }
}

const WRONG_LENGTH = new Unreadable('wrong-length')
const EMPTY = new Unreadable('empty')
const NOT_UTF8 = new Unreadable('not-utf8')
const MALFORMED_PREFIX = new Unreadable('malformed-prefix')

/** How one data type travels. `length` is NaN, and the encoder refuses, where the value cannot be represented. */
export interface Codec<V> {
  read(octets: Uint8Array): V | Unreadable
  length(value: V): number
  write(writer: Writer, value: V): void
}

function fixed<V>(
  size: number,
  read: (reader: Reader) => V,
  isValid: (value: V) => boolean,
  write: (writer: Writer, value: V) => void,
): Codec<V> {
  return {
    read: (octets) => (octets.length === size ? read(new Reader(octets)) : WRONG_LENGTH),
    length: (value) => (isValid(value) ? size : Number.NaN),
    write,
  }
}

function isIntegerUpTo(most: number): (value: number) => boolean {
  return (value) => Number.isInteger(value) && value >= 0 && value <= most
}

/** Text form of a fixed number of octets; `parse` tells what is not that form. */
function textual(
  size: number,
  format: (octets: Uint8Array) => string,
  parse: (text: string) => Uint8Array | undefined,
): Codec<string> {
  return {
    read: (octets) => (octets.length === size ? format(octets) : WRONG_LENGTH),
    length: (value) => (parse(value) === undefined ? Number.NaN : size),
    write: (writer, value) => void writer.bytes(parse(value) ?? new Uint8Array(0)),
  }
}

function hexGroups(groups: number, digits: number): (text: string) => Uint8Array | undefined {
  return (text) => {
    const parts = text.split(':')
    const form = new RegExp(`^[0-9a-fA-F]{1,${digits}}$`)
    if (parts.length !== groups || !parts.every((part) => form.test(part))) return undefined
    return Uint8Array.fromHex(parts.map((part) => part.padStart(digits, '0')).join(''))
  }
}

/**
 * RFC 8044 sections 3.10 and 3.11: reserved octet, prefix length, address. IPv6 may leave out trailing zero octets and
 * IPv4 may not; bits after the prefix must be zero.
 */
function prefix(
  size: 4 | 16,
  format: (octets: Uint8Array) => string,
  parse: (text: string) => Uint8Array | undefined,
): Codec<string> {
  const shortest = size === 4 ? 6 : 2
  const split = (text: string): { octets: Uint8Array; bits: number } | undefined => {
    const parts = /^([^/]+)\/(\d{1,3})$/.exec(text)
    const octets = parse(parts?.[1] ?? '')
    const bits = Number(parts?.[2])
    return octets === undefined || bits > size * 8 || !isMasked(octets, bits) ? undefined : { octets, bits }
  }
  return {
    read(octets) {
      if (octets.length < shortest || octets.length > size + 2) return WRONG_LENGTH
      const bits = octets[1] as number
      const address = new Uint8Array(size)
      address.set(octets.subarray(2))
      if (bits > size * 8 || bits > (octets.length - 2) * 8 || !isMasked(address, bits)) {
        return MALFORMED_PREFIX
      }
      return `${format(address)}/${bits}`
    },
    length: (value) => (split(value) === undefined ? Number.NaN : size + 2),
    write(writer, value) {
      const { octets, bits } = split(value) ?? { octets: new Uint8Array(0), bits: 0 }
      writer.u8(0).u8(bits).bytes(octets)
    },
  }
}

const opaque: Codec<Uint8Array> = {
  read: (octets) => octets,
  length: (value) => value.length,
  write: (writer, value) => void writer.bytes(value),
}

const ipv4addr = textual(4, formatIpv4, parseIpv4)
const ipv6addr = textual(16, formatIpv6, parseIpv6)
const ifid = textual(8, (octets) => (octets.toHex().match(/.{4}/g) ?? []).join(':'), hexGroups(4, 4))

export const CODECS: { readonly [T in DataType]: Codec<ValueOf<T>> } = {
  uint8: fixed(
    1,
    (reader) => reader.u8(),
    isIntegerUpTo(0xff),
    (writer, value) => void writer.u8(value),
  ),
  uint16: fixed(
    2,
    (reader) => reader.u16(),
    isIntegerUpTo(0xffff),
    (writer, value) => void writer.u16(value),
  ),
  uint32: fixed(
    4,
    (reader) => reader.u32(),
    isIntegerUpTo(0xffffffff),
    (writer, value) => void writer.u32(value),
  ),
  int32: fixed(
    4,
    (reader) => reader.u32() | 0,
    (value) => Number.isInteger(value) && value === (value | 0),
    (writer, value) => void writer.u32(value >>> 0),
  ),
  uint64: fixed(
    8,
    (reader) => reader.u64(),
    (value) => value >= 0n && value <= 0xffff_ffff_ffff_ffffn,
    (writer, value) => void writer.u64(value),
  ),
  time: fixed(
    4,
    (reader) => new Date(reader.u32() * 1000),
    (value) => isIntegerUpTo(0xffffffff)(Math.floor(value.getTime() / 1000)),
    (writer, value) => void writer.u32(Math.floor(value.getTime() / 1000)),
  ),
  /** RFC 2865 section 5: text of no octets must not be sent; the attribute is left out instead. */
  text: {
    read: (octets) => (octets.length === 0 ? EMPTY : (asciiText(octets) ?? toUtf8(octets) ?? NOT_UTF8)),
    length: (value) => (value === '' || !value.isWellFormed() ? Number.NaN : utf8Length(value)),
    write: (writer, value) => void writer.bytes(fromUtf8(value)),
  },
  octets: opaque,
  ifid,
  ipv4addr,
  ipv6addr,
  ipv4prefix: prefix(4, formatIpv4, parseIpv4),
  ipv6prefix: prefix(16, formatIpv6, parseIpv6),
  ipaddr: {
    read: (octets) => (octets.length === 16 ? ipv6addr : ipv4addr).read(octets),
    length: (value) => (value.includes(':') ? ipv6addr : ipv4addr).length(value),
    write: (writer, value) => (value.includes(':') ? ipv6addr : ipv4addr).write(writer, value),
  },
  ether: textual(6, (octets) => (octets.toHex().match(/.{2}/g) ?? []).join(':'), hexGroups(6, 2)),
  tlv: opaque,
  vsa: opaque,
  extended: opaque,
  'long-extended': opaque,
  evs: opaque,
}

/** Most text in RADIUS is short ASCII, where a loop beats the set-up cost of a decoder. */
function asciiText(octets: Uint8Array): string | undefined {
  if (octets.length > 32) return undefined
  let text = ''
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number
    if (octet > 0x7f) return undefined
    text += String.fromCharCode(octet)
  }
  return text
}

function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}
