import { CODECS, type DataType, Unreadable, type UnreadableReason, type ValueOf } from './data-type.ts'
import type { AttributeDefinition } from './definition.ts'
import { type HidingKey, reveal } from './hiding.ts'

/** A typed look at an attribute: its value, or why there is none. `octets`: the value as it arrived. */
export type Read<T extends DataType = DataType> =
  | { readonly ok: true; readonly value: ValueOf<T>; readonly tag?: number }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly octets?: Uint8Array }

/** RFC 2868 section 3.1: "Valid values for this field are 0x01 through 0x1F, inclusive", 0 meaning unused. */
export const HIGHEST_TAG = 0x1f

/** Reads the octets inside an attribute as its definition says: tag, hiding, length, data type - in this order. */
export function readValue<T extends DataType>(
  definition: AttributeDefinition<T>,
  content: Uint8Array,
  hiding?: HidingKey,
): Read<T> {
  let octets = content
  let tag: number | undefined
  if (definition.tagged && content.length > 0) {
    const first = content[0] as number
    if (first <= HIGHEST_TAG) tag = first
    if (definition.type === 'uint32') {
      if (content.length !== 4) return { ok: false, reason: 'wrong-length', octets: content }
      octets = Uint8Array.of(0, content[1] as number, content[2] as number, content[3] as number)
      // A tag above 0x1f means nothing, but its octet is there all the same (section 3.5 for Tunnel-Password).
    } else if (tag !== undefined || definition.hiding === 'tunnel-password') octets = content.subarray(1)
  }
  if (definition.hiding !== 'none') {
    if (hiding === undefined) return { ok: false, reason: 'secret-needed', octets: content }
    const plain = reveal(definition.hiding, octets, hiding, definition.length)
    if (plain instanceof Unreadable) return { ok: false, reason: plain.reason, octets: content }
    octets = plain
  }
  if (definition.length !== undefined && octets.length !== definition.length) {
    return { ok: false, reason: 'wrong-length', octets: content }
  }
  const value = CODECS[definition.type].read(octets)
  if (value instanceof Unreadable) return { ok: false, reason: value.reason, octets: content }
  return tag === undefined ? { ok: true, value } : { ok: true, value, tag }
}
