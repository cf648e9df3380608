import { fromUtf8, toHex, toUtf8 } from '@sallyport/bytes'
import { DerReader, type Element, onlyElement } from '../der/der-reader.ts'
import { expectOid, latin1 } from '../der/der-values.ts'
import { element, ia5Octets, oid, printableString, sequence, setOf, utf8String } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { ATTRIBUTE_TYPE, EMAIL_ADDRESS } from '../oids.ts'
import { invalidRequest, malformed } from '../pki-error.ts'

/** A Name (RFC 5280 section 4.1.2.4): relative distinguished names in the order of the encoding. */
export interface DistinguishedName {
  readonly encoded: Uint8Array
  readonly rdns: readonly (readonly NameAttribute[])[]
  /** One comparable string per relative distinguished name: equal strings mean equal names (RFC 5280 section 7.1). */
  readonly keys: readonly string[]
  /** `keys` as one string. */
  readonly key: string
}

export interface NameAttribute {
  readonly type: string
  /** The value as text, or undefined where its type is not a character string. */
  readonly text: string | undefined
  readonly encoded: Uint8Array
}

export function readName(element: Element): DistinguishedName {
  const rdns: NameAttribute[][] = []
  const reader = new DerReader(element.content)
  while (!reader.done) {
    const members = reader.enter(TAG.set, 'RelativeDistinguishedName')
    const rdn: NameAttribute[] = []
    while (!members.done) rdn.push(readAttribute(members))
    if (rdn.length === 0) throw malformed('empty RelativeDistinguishedName')
    rdns.push(rdn)
  }
  const keys = rdns.map((rdn) => rdn.map(attributeKey).sort().join('\u0001'))
  return { encoded: element.encoded, rdns, keys, key: keys.join('\u0000') }
}

function readAttribute(members: DerReader): NameAttribute {
  const reader = members.enter(TAG.sequence, 'AttributeTypeAndValue')
  const type = expectOid(reader, 'attribute type')
  const value = reader.any()
  reader.finish('AttributeTypeAndValue')
  return { type, text: directoryText(value), encoded: value.encoded }
}

/** Text of a DirectoryString or another character string; malformed where its octets are not of its type. */
function directoryText(value: Element): string | undefined {
  switch (value.tag) {
    case TAG.utf8String: {
      const text = toUtf8(value.content)
      if (text === undefined) throw malformed('UTF8String is not UTF-8')
      return text
    }
    case TAG.printableString:
    case TAG.numericString:
    case TAG.ia5String:
    case TAG.visibleString:
    case TAG.t61String:
      return latin1(value.content)
    case TAG.bmpString:
      return wideText(value.content, 2)
    case TAG.universalString:
      return wideText(value.content, 4)
    default:
      return undefined
  }
}

function wideText(octets: Uint8Array, width: 2 | 4): string {
  if (octets.length % width !== 0) throw malformed('wide string cut short')
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  let text = ''
  for (let at = 0; at < octets.length; at += width) {
    const unit = width === 2 ? view.getUint16(at) : view.getUint32(at)
    if (unit > 0x10ffff) throw malformed('UniversalString above U+10FFFF')
    text += width === 2 ? String.fromCharCode(unit) : String.fromCodePoint(unit)
  }
  return text
}

/**
 * Comparison of RFC 5280 section 7.1 in its usual form: case and runs of white space do not matter, and the string
 * type does not either (PKITS 4.3.10 asks for it). Values that are no text compare octet by octet.
 */
function attributeKey(attribute: NameAttribute): string {
  const value =
    attribute.text === undefined
      ? `#${toHex(attribute.encoded)}`
      : attribute.text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
  // The separators of `key` cannot be smuggled in through a value.
  return `${attribute.type}=${value.replace(/[\p{Cc}\\]/gu, (c) => `\\${c.charCodeAt(0)}`)}`
}

export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return a.key === b.key
}

/** Whether `name` lies in the subtree of `base` (RFC 5280 section 4.2.1.10, directoryName). */
export function isWithin(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.keys.length <= name.keys.length && base.keys.every((key, i) => key === name.keys[i])
}

export type AttributeName = keyof typeof ATTRIBUTE_TYPE | 'emailAddress'

/** Builds a name; the attributes are given in the order of the encoding (country first, common name last). */
export function distinguishedName(
  ...attributes: readonly (readonly [AttributeName, string])[]
): DistinguishedName {
  const encoded = sequence(...attributes.map(([name, text]) => setOf(encodeAttribute(name, text))))
  return readName(onlyElement(encoded, TAG.sequence, 'Name'))
}

function encodeAttribute(name: AttributeName, text: string): Uint8Array {
  if (text.trim() === '') throw invalidRequest(`attribute ${name} of a name is empty`)
  if (name === 'emailAddress') return sequence(oid(EMAIL_ADDRESS), element(TAG.ia5String, ia5Octets(text)))
  const type = oid(ATTRIBUTE_TYPE[name])
  if (name === 'C') return sequence(type, printableString(text))
  if (name === 'DC') return sequence(type, element(TAG.ia5String, ia5Octets(text)))
  return sequence(type, utf8String(text))
}

const SHORT_NAMES = new Map<string, string>(
  Object.entries(ATTRIBUTE_TYPE).map(([name, type]) => [type, name]),
)

/** Text of RFC 4514: most specific first, `CN=alice,O=Example`. */
export function nameText(name: DistinguishedName): string {
  return name.rdns
    .toReversed()
    .map((rdn) => rdn.map(attributeText).join('+'))
    .join(',')
}

function attributeText(attribute: NameAttribute): string {
  const short = SHORT_NAMES.get(attribute.type)
  // RFC 4514 section 2.4: a type written as an OID takes the hexadecimal form of its value.
  if (short === undefined || attribute.text === undefined) {
    return `${short ?? attribute.type}=#${toHex(attribute.encoded)}`
  }
  return `${short}=${escapeValue(attribute.text)}`
}

function escapeValue(text: string): string {
  return text
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/\p{Cc}/gu, (c) => `\\${toHex(fromUtf8(c))}`)
}
