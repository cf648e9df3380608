import { Writer } from '@sallyport/bytes'
import { CODECS, type DataType } from './data-type.ts'
import type { Attribute, AttributeDefinition, TypedAttribute, Vendor } from './definition.ts'
import { RadiusError } from './error.ts'
import { isExtendedType, isLongExtendedType, VENDOR_SPECIFIC } from './find.ts'
import { type HidingKey, hiddenLength, hide } from './hiding.ts'
import { HIGHEST_TAG } from './read-value.ts'

const LONGEST_ATTRIBUTE = 255
const NO_SALT = new Uint8Array(2)

/** What writing needs beside the attribute: the key of hidden ones, and a salt no other attribute of the packet has. */
export interface WriteContext {
  readonly hiding: HidingKey | undefined
  nextSalt(): Uint8Array
}

/**
 * Where the content goes: the octets in front of each piece of it, and how much content one piece can hold. One piece,
 * unless the attribute may go on in the next one.
 */
interface Frame {
  /** Octets from the type of the outermost attribute up to the content, TLV headers included. */
  readonly header: number
  readonly capacity: number
  readonly isSplit: boolean
}

function frameOf(definition: AttributeDefinition): Frame {
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

/** Octets the attribute takes on the wire. Throws RadiusError on whatever cannot be represented. */
export function attributeLength(attribute: Attribute): number {
  if (!('definition' in attribute)) {
    if (!isOctet(attribute.type)) {
      throw new RadiusError('value-not-representable', `${attribute.type} is not an attribute type`)
    }
    if (attribute.octets.length > LONGEST_ATTRIBUTE - 2) throw tooLong(`Attr-${attribute.type}`)
    return 2 + attribute.octets.length
  }
  const { definition } = attribute
  const content = contentLength(attribute)
  const frame = frameOf(definition)
  if (content <= frame.capacity) return frame.header + content
  if (!frame.isSplit) throw tooLong(definition.name)
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

export function isOctet(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff
}

function tooLong(name: string): RadiusError {
  return new RadiusError('value-too-long', `${name}: the value does not fit an attribute`, {
    attribute: name,
  })
}

function contentLength(attribute: TypedAttribute): number {
  const { definition, tag } = attribute
  const { name } = definition
  const plain = codecOf(definition).length(attribute.value)
  if (Number.isNaN(plain)) {
    throw new RadiusError('value-not-representable', `${name}: not a value of type ${definition.type}`, {
      attribute: name,
      type: definition.type,
    })
  }
  if (definition.length !== undefined && plain !== definition.length) {
    throw new RadiusError('value-not-representable', `${name}: must be ${definition.length} octets long`, {
      attribute: name,
      length: definition.length,
    })
  }
  if (
    tag !== undefined &&
    (!definition.tagged || !(tag >= 0 && tag <= HIGHEST_TAG) || !Number.isInteger(tag))
  ) {
    throw new RadiusError('tag-not-allowed', `${name}: cannot carry tag ${tag}`, { attribute: name, tag })
  }
  if (definition.tagged && definition.type === 'uint32') {
    if (Number(attribute.value) > 0xffffff || Number(attribute.value) < 0) throw tooLong(name)
    return plain
  }
  const hidden = hiddenLength(definition.hiding, plain)
  if (Number.isNaN(hidden)) throw tooLong(name)
  return hidden + (hasTagOctet(attribute) ? 1 : 0)
}

/** The cast: a definition's type and its value belong together, which the union of all types cannot say. */
function codecOf(definition: AttributeDefinition): {
  length(v: unknown): number
  write(w: Writer, v: unknown): void
} {
  return CODECS[definition.type as DataType] as never
}

/**
 * RFC 2868 leaves the tag octet of text out at will; it must be there where the text could be mistaken for one, and in
 * Tunnel-Password always (section 3.5).
 */
function hasTagOctet({ definition, value, tag }: TypedAttribute): boolean {
  if (!definition.tagged) return false
  if (tag !== undefined || definition.hiding === 'tunnel-password') return true
  const first =
    typeof value === 'string' ? value.charCodeAt(0) : value instanceof Uint8Array ? value[0] : undefined
  return first === undefined || first <= HIGHEST_TAG
}

/** Writes an attribute whose length has been asked for before (that is where it is checked). */
export function writeAttribute(writer: Writer, attribute: Attribute, context: WriteContext): void {
  if (!('definition' in attribute)) {
    writer
      .u8(attribute.type)
      .u8(2 + attribute.octets.length)
      .bytes(attribute.octets)
    return
  }
  const { definition } = attribute
  const content = contentLength(attribute)
  const frame = frameOf(definition)
  if (content <= frame.capacity) {
    writeHeaders(writer, definition, content, false)
    writeContent(writer, attribute, context)
    return
  }
  const whole = new Writer(content)
  writeContent(whole, attribute, context)
  writePieces(writer, definition, whole.finish(), frame)
}

function writePieces(
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
function writeHeaders(
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

function writeContent(writer: Writer, attribute: TypedAttribute, context: WriteContext): void {
  const { definition, value, tag } = attribute
  if (definition.tagged && definition.type === 'uint32') {
    writer.u8(tag ?? 0).u24(Number(value))
    return
  }
  if (hasTagOctet(attribute)) writer.u8(tag ?? 0)
  const codec = codecOf(definition)
  if (definition.hiding === 'none') {
    codec.write(writer, value)
    return
  }
  if (context.hiding === undefined || definition.hiding === 'unsupported') {
    throw new RadiusError('hiding-not-possible', `${definition.name} cannot be hidden in this packet`, {
      attribute: definition.name,
    })
  }
  const plain = new Writer(codec.length(value))
  codec.write(plain, value)
  const salt = definition.hiding === 'tunnel-password' ? context.nextSalt() : NO_SALT
  writer.bytes(hide(definition.hiding, plain.finish(), context.hiding, salt))
  plain.octets.fill(0)
}
