import { fromHex, toHex, toUtf8 } from '@sallyport/bytes'
import { DerReader, type Element, onlyElement } from '../der/der-reader.ts'
import { expectOid, readAscii, readOid } from '../der/der-values.ts'
import { element, explicit, ia5Octets, oid, oidOctets, sequence, utf8String } from '../der/der-writer.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { OTHER_NAME } from '../oids.ts'
import { invalidRequest, malformed } from '../pki-error.ts'
import { type DistinguishedName, readName } from './distinguished-name.ts'

/** RFC 5280 section 4.2.1.6. `x400` and `edi` are kept as octets: nobody uses them, constraints may name them. */
export type GeneralName =
  | { readonly kind: 'other'; readonly type: string; readonly value: Uint8Array }
  | { readonly kind: 'upn'; readonly name: string }
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'dns'; readonly name: string }
  | { readonly kind: 'x400'; readonly encoded: Uint8Array }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  | { readonly kind: 'edi'; readonly encoded: Uint8Array }
  | { readonly kind: 'uri'; readonly uri: string }
  /** 4 or 16 octets; in a name constraint address and mask, 8 or 32. */
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  | { readonly kind: 'registered-id'; readonly oid: string }

export function readGeneralName(item: Element): GeneralName {
  switch (item.tag) {
    case contextConstructed(0):
      return readOtherName(item.content)
    case contextPrimitive(1):
      return { kind: 'email', address: readAscii(item) }
    case contextPrimitive(2):
      return { kind: 'dns', name: readAscii(item) }
    case contextConstructed(3):
      return { kind: 'x400', encoded: item.encoded }
    case contextConstructed(4):
      // Name is a CHOICE, so its context tag is explicit (X.680 section 31.2.7).
      return { kind: 'directory', name: readName(onlyElement(item.content, TAG.sequence, 'directoryName')) }
    case contextConstructed(5):
      return { kind: 'edi', encoded: item.encoded }
    case contextPrimitive(6):
      return { kind: 'uri', uri: readAscii(item) }
    case contextPrimitive(7):
      return { kind: 'ip', octets: item.content }
    case contextPrimitive(8):
      return { kind: 'registered-id', oid: readOid(item) }
    default:
      throw malformed(`GeneralName with tag 0x${item.tag.toString(16)}`)
  }
}

function readOtherName(content: Uint8Array): GeneralName {
  const reader = new DerReader(content)
  const type = expectOid(reader, 'otherName type')
  const value = reader.expect(contextConstructed(0), 'otherName value').content
  reader.finish('otherName')
  if (type !== OTHER_NAME.upn) return { kind: 'other', type, value }
  const name = toUtf8(onlyElement(value, TAG.utf8String, 'user principal name').content)
  if (name === undefined) throw malformed('user principal name is not UTF-8')
  return { kind: 'upn', name }
}

/** GeneralNames: one or more. */
export function readGeneralNames(content: Uint8Array): GeneralName[] {
  const reader = new DerReader(content)
  const names: GeneralName[] = []
  while (!reader.done) names.push(readGeneralName(reader.any()))
  if (names.length === 0) throw malformed('GeneralNames without a name')
  return names
}

export function encodeGeneralName(name: GeneralName): Uint8Array {
  switch (name.kind) {
    case 'other':
      return explicit(0, oid(name.type), explicit(0, name.value))
    case 'upn':
      return explicit(
        0,
        oid(OTHER_NAME.upn),
        explicit(0, utf8String(filled(name.name, 'user principal name'))),
      )
    case 'email':
      return element(contextPrimitive(1), ia5Octets(filled(name.address, 'e-mail address')))
    case 'dns':
      return element(contextPrimitive(2), ia5Octets(filled(name.name, 'DNS name')))
    case 'directory':
      return explicit(4, name.name.encoded)
    case 'uri':
      return element(contextPrimitive(6), ia5Octets(filled(name.uri, 'URI')))
    case 'ip':
      return element(contextPrimitive(7), name.octets)
    case 'registered-id':
      return element(contextPrimitive(8), oidOctets(name.oid))
    case 'x400':
    case 'edi':
      return name.encoded
  }
}

export function encodeGeneralNames(names: readonly GeneralName[]): Uint8Array {
  return sequence(...names.map(encodeGeneralName))
}

function filled(text: string, what: string): string {
  if (text.trim() === '') throw invalidRequest(`${what} is empty`)
  return text
}

/** Octets of an IPv4 or IPv6 address in text. */
export function ipOctets(address: string): Uint8Array {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  if (v4 !== null) {
    const octets = v4.slice(1).map(Number)
    if (octets.some((octet) => octet > 255)) throw invalidRequest(`'${address}' is not an IP address`)
    return Uint8Array.from(octets)
  }
  return ipv6Octets(address)
}

function ipv6Octets(address: string): Uint8Array {
  const halves = address.split('::')
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], tail = []] = groups
  const count = head.length + tail.length
  const valid = halves.length === 2 ? count < 8 : halves.length === 1 && count === 8
  if (!valid || ![...head, ...tail].every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) {
    throw invalidRequest(`'${address}' is not an IP address`)
  }
  const filler = Array.from({ length: 8 - count }, () => '0')
  return fromHex([...head, ...filler, ...tail].map((group) => group.padStart(4, '0')).join(''))
}

/** Text of 4 or 16 octets; IPv6 in full groups without compression, which is enough to compare. */
export function ipText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.')
  const hex = toHex(octets)
  return (hex.match(/.{1,4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':')
}
