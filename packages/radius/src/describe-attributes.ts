import { unknownAt } from './attribute-text.ts'
import type { AttributeDefinition } from './definition.ts'
import type { Dictionary } from './dictionary.ts'
import { isExtendedType, isLongExtendedType } from './find.ts'
import type { AttributeView, PacketView } from './packet-view.ts'
import { formatValue } from './value-text.ts'

/** An attribute for people. What is secret has a name and no text. */
export type DescribedAttribute =
  | { readonly name: string; readonly secret: false; readonly text: string; readonly tag?: number }
  | { readonly name: string; readonly secret: true }

const VENDOR_SPECIFIC = 26

/**
 * Every attribute of a packet by name and text, in order of first appearance. What a dictionary does not know is called
 * `Attr-26.9.77`, what cannot be read as its type is shown in hex, and what a vendor attribute or a TLV that cannot
 * be opened holds is not shown at all, for it may be a secret.
 */
export function describeAttributes(packet: PacketView, dictionary: Dictionary): DescribedAttribute[] {
  const paths = new Map<string, readonly number[]>()
  for (const path of pathsIn(packet, dictionary)) paths.set(path.join('.'), path)
  const described: DescribedAttribute[] = []
  for (const path of paths.values()) describeAt(packet, dictionary, path, described)
  return described
}

function describeAt(
  packet: PacketView,
  dictionary: Dictionary,
  path: readonly number[],
  described: DescribedAttribute[],
): void {
  const definition = dictionary.at(path) ?? unknownAt(dictionary, path)
  const { name } = definition
  if (definition.type === 'tlv') {
    describeTlv(packet, dictionary, definition, described)
    return
  }
  if (path[0] === VENDOR_SPECIFIC && path.length === 2) {
    described.push({ name, secret: true })
    return
  }
  for (const found of packet.readAll(definition)) {
    if (definition.secret) described.push({ name, secret: true })
    else if (found.ok) {
      const text = formatValue(definition, found.value)
      described.push({ name, secret: false, text, ...(found.tag === undefined ? {} : { tag: found.tag }) })
    } else if (found.octets !== undefined) {
      described.push({ name, secret: false, text: `0x${found.octets.toHex()}` })
    } else described.push({ name, secret: true })
  }
}

/** A TLV shows as what is inside it. */
function describeTlv(
  packet: PacketView,
  dictionary: Dictionary,
  definition: AttributeDefinition,
  described: DescribedAttribute[],
): void {
  const types = new Set<number>()
  for (const found of packet.readAll(definition)) {
    const inside = found.ok && found.value instanceof Uint8Array ? tlvTypes(found.value) : undefined
    if (inside === undefined) described.push({ name: definition.name, secret: true })
    else for (const type of inside) types.add(type)
  }
  for (const type of types) describeAt(packet, dictionary, [...definition.path, type], described)
}

/** The types in a row of TLVs, or undefined where it is none. */
function tlvTypes(content: Uint8Array): number[] | undefined {
  const types: number[] = []
  for (let at = 0; at < content.length; ) {
    const length = content[at + 1] ?? 0
    if (length < 2 || at + length > content.length) return undefined
    types.push(content[at] as number)
    at += length
  }
  return types
}

function* pathsIn(packet: PacketView, dictionary: Dictionary): Generator<readonly number[]> {
  let isContinued = false
  for (const view of packet.attributes()) {
    if (view.type === VENDOR_SPECIFIC) yield* vendorPaths(view, dictionary)
    else if (isExtendedType(view.type) && view.octets.length >= 1) {
      // A fragment that goes on does not repeat the vendor (RFC 6929 section 2.5).
      if (!isContinued) yield extendedPath(view)
      isContinued = isLongExtendedType(view.type) && ((view.octets[1] ?? 0) & 0x80) !== 0
      continue
    } else yield [view.type]
    isContinued = false
  }
}

function extendedPath({ type, octets }: AttributeView): readonly number[] {
  const content = octets.subarray(isLongExtendedType(type) ? 2 : 1)
  const extended = octets[0] as number
  if (extended !== VENDOR_SPECIFIC || content.length < 5) return [type, extended]
  const vendor = new DataView(content.buffer, content.byteOffset).getUint32(0)
  return [type, extended, vendor, content[4] as number]
}

function vendorPaths({ type, octets }: AttributeView, dictionary: Dictionary): (readonly number[])[] {
  if (octets.length < 4) return [[type]]
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const id = view.getUint32(0)
  const { typeSize = 1, lengthSize = 1 } = dictionary.vendor(id) ?? {}
  const paths: (readonly number[])[] = []
  for (let at = 4; at < octets.length; ) {
    if (at + typeSize + lengthSize > octets.length) return [[type, id]]
    const inner =
      typeSize === 1 ? view.getUint8(at) : typeSize === 2 ? view.getUint16(at) : view.getUint32(at)
    const lengthAt = at + typeSize
    const rest = octets.length - at
    const length =
      lengthSize === 0 ? rest : lengthSize === 1 ? view.getUint8(lengthAt) : view.getUint16(lengthAt)
    if (length < typeSize + lengthSize || length > rest) return [[type, id]]
    paths.push([type, id, inner])
    at += length
  }
  return paths.length === 0 ? [[type, id]] : paths
}
