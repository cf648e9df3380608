import { Writer } from '@sallyport/bytes'
import { contentLength, tooLong, type WriteContext, writeContent } from './attribute-content.ts'
import { framedLength, frameOf, LONGEST_ATTRIBUTE, writeHeaders, writePieces } from './attribute-frame.ts'
import type { Attribute } from './definition.ts'
import { RadiusError } from './error.ts'

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
  const length = framedLength(definition, contentLength(attribute))
  if (Number.isNaN(length)) throw tooLong(definition.name)
  return length
}

export function isOctet(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff
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
