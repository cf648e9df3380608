import type { Writer } from '@sallyport/bytes'
import type { AttributeDefinition, Vendor } from './definition.ts'
import { isExtendedType, isLongExtendedType, VENDOR_SPECIFIC } from './find.ts'

export const LONGEST_ATTRIBUTE = 255

/**
 * Where the content goes: the octets in front of each piece of it, and how much content one piece can hold. One piece,
 * unless the attribute may go on in the next one.
 */
export interface Frame {
  /** Octets from the type of the outermost attribute up to the content, TLV headers included. */
  readonly header: number
  readonly capacity: number
  readonly isSplit: boolean
}

/** The frame of an attribute, by its place and its vendor's layout. */
export function frameOf(definition: AttributeDefinition): Frame {
  const { path, vendor } = definition
  const first = path[0] as number
  const [container, levels] = containerOf(path, vendor)
  const header = container + 2 * levels
  const isSplit =
    levels === 0 &&
    (definition.concatenated ||
      isLongExtendedType(first) ||
      (first === VENDOR_SPECIFIC && vendor?.continuation))
  return { header, capacity: LONGEST_ATTRIBUTE - header, isSplit: isSplit === true }
}

/** Octets of the container's headers, and how many TLV levels stand inside it. */
function containerOf(path: readonly number[], vendor: Vendor | undefined): [number, number] {
  const first = path[0] as number
  if (first === VENDOR_SPECIFIC && path.length === 2) return [6, 0]
  if (first === VENDOR_SPECIFIC && path.length > 2) {
    const { typeSize, lengthSize, continuation } = vendor ?? {
      typeSize: 1,
      lengthSize: 1,
      continuation: false,
    }
    return [6 + typeSize + lengthSize + (continuation ? 1 : 0), path.length - 3]
  }
  if (isExtendedType(first) && path.length > 1) {
    const header = isLongExtendedType(first) ? 4 : 3
    if (path[1] === VENDOR_SPECIFIC && path.length > 3) return [header + 5, path.length - 4]
    return [header, path.length - 2]
  }
  return [2, path.length - 1]
}

/** Octets of all pieces that `content` octets of content take; NaN where the attribute cannot hold them. */
export function framedLength(definition: AttributeDefinition, content: number): number {
  const frame = frameOf(definition)
  if (content <= frame.capacity) return frame.header + content
  if (!frame.isSplit) return Number.NaN
  if (isLongVendor(definition)) return longVendorLength(content)
  return content + frame.header * Math.ceil(content / frame.capacity)
}

/** In a long extended vendor attribute only the first piece carries vendor id and type (RFC 6929 section 2.5). */
function isLongVendor(definition: AttributeDefinition): boolean {
  const { path } = definition
  return isLongExtendedType(path[0] as number) && path[1] === VENDOR_SPECIFIC && path.length > 3
}

function longVendorLength(content: number): number {
  return content + 5 + 4 * Math.ceil((content + 5) / (LONGEST_ATTRIBUTE - 4))
}

/** Writes content that one piece cannot hold. */
export function writePieces(
  writer: Writer,
  definition: AttributeDefinition,
  content: Uint8Array,
  frame: Frame,
): void {
  for (let at = 0; at < content.length; ) {
    const isNext = at > 0 && isLongVendor(definition)
    const capacity = isNext ? LONGEST_ATTRIBUTE - 4 : frame.capacity
    const piece = content.subarray(at, at + capacity)
    at += piece.length
    const hasMore = at < content.length
    if (isNext) {
      const [type, extended] = definition.path as [number, number]
      writer
        .u8(type)
        .u8(4 + piece.length)
        .u8(extended)
        .u8(hasMore ? 0x80 : 0)
    } else writeHeaders(writer, definition, piece.length, hasMore)
    writer.bytes(piece)
  }
}

/** The octets in front of `content` octets of content, from the outermost attribute inwards. */
export function writeHeaders(
  writer: Writer,
  definition: AttributeDefinition,
  content: number,
  hasMore: boolean,
): void {
  const { path, vendor } = definition
  const first = path[0] as number
  const [container, levels] = containerOf(path, vendor)
  const total = container + 2 * levels + content
  writer.u8(first).u8(total)
  if (first === VENDOR_SPECIFIC && path.length > 1) {
    writer.u32(path[1] as number)
    if (path.length > 2) writeVendorHeader(writer, path[2] as number, vendor, total - 6, hasMore)
  } else if (isExtendedType(first) && path.length > 1) {
    writer.u8(path[1] as number)
    if (isLongExtendedType(first)) writer.u8(hasMore ? 0x80 : 0)
    if (path[1] === VENDOR_SPECIFIC && path.length > 3) writer.u32(path[2] as number).u8(path[3] as number)
  }
  for (let level = levels; level > 0; level--) {
    writer.u8(path[path.length - level] as number).u8(2 * level + content)
  }
}

function writeVendorHeader(
  writer: Writer,
  type: number,
  vendor: Vendor | undefined,
  length: number,
  hasMore: boolean,
): void {
  const typeSize = vendor?.typeSize ?? 1
  if (typeSize === 4) writer.u32(type)
  else if (typeSize === 2) writer.u16(type)
  else writer.u8(type)
  const lengthSize = vendor?.lengthSize ?? 1
  if (lengthSize === 2) writer.u16(length)
  else if (lengthSize === 1) writer.u8(length)
  if (vendor?.continuation === true) writer.u8(hasMore ? 0x80 : 0)
}
