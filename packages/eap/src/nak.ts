import { Writer } from '@sallyport/bytes'
import { EapType } from './eap-type.ts'
import type { EapMessage } from './packet.ts'

const EXPANDED_ENTRY = 8

/**
 * The method types a peer asks for in a legacy Nak (RFC 3748 section 5.3.1) or an Expanded Nak (section 5.3.2), or
 * undefined where the packet is no Nak. Zero ("no alternative") and vendors' own types are left out: we run none.
 */
export function nakTypes(packet: EapMessage): readonly number[] | undefined {
  if (packet.type !== EapType.Nak) return undefined
  if (packet.expanded === undefined) return [...packet.data].filter((type) => type !== 0)
  const wanted: number[] = []
  for (let at = 0; at + EXPANDED_ENTRY <= packet.data.length; at += EXPANDED_ENTRY) {
    const view = new DataView(packet.data.buffer, packet.data.byteOffset + at, EXPANDED_ENTRY)
    if (view.getUint8(0) !== EapType.Expanded || view.getUint32(1) >>> 8 !== 0) continue
    const type = view.getUint32(4)
    if (type !== 0) wanted.push(type)
  }
  return wanted
}

/** Type-data of a legacy Nak; no wish at all is said with one zero. */
export function legacyNak(types: readonly number[]): Uint8Array {
  return Uint8Array.from(types.length === 0 ? [0] : types)
}

/** What follows the octet 254 in an Expanded Nak. */
export function expandedNak(types: readonly number[]): Uint8Array {
  const entries = types.length === 0 ? [0] : types
  const writer = new Writer(7 + EXPANDED_ENTRY * entries.length).u24(0).u32(EapType.Nak)
  for (const type of entries) writer.u8(EapType.Expanded).u24(0).u32(type)
  return writer.finish()
}
