import { concat, fromUtf8 } from '@sallyport/bytes'
import { TAG } from './tags.ts'

/** One tag-length-value with the shortest definite length (RFC 4511 section 5.1). */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const head = headOf(tag, length)
  return concat(head, ...parts)
}

export function text(value: string, tag: number = TAG.octetString): Uint8Array<ArrayBuffer> {
  return tlv(tag, fromUtf8(value))
}

/** @param value from 0 to 2^31 - 1: `maxInt` of RFC 4511 */
export function integer(value: number, tag: number = TAG.integer): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(value) || value < 0 || value > 0x7fff_ffff)
    throw new RangeError(`${value} is no INTEGER (0 .. maxInt)`)
  if (value < 0x80) return Uint8Array.of(tag, 1, value)
  if (value < 0x8000) return Uint8Array.of(tag, 2, value >>> 8, value)
  if (value < 0x80_0000) return Uint8Array.of(tag, 3, value >>> 16, value >>> 8, value)
  return Uint8Array.of(tag, 4, value >>> 24, value >>> 16, value >>> 8, value)
}

export function boolean(value: boolean, tag: number = TAG.boolean): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(tag, 1, value ? 0xff : 0)
}

function headOf(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length)
  if (length < 0x100) return Uint8Array.of(tag, 0x81, length)
  if (length < 0x1_0000) return Uint8Array.of(tag, 0x82, length >>> 8, length)
  return Uint8Array.of(tag, 0x84, length >>> 24, length >>> 16, length >>> 8, length)
}
