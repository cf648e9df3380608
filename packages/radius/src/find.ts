import { concat } from '@sallyport/bytes'
import { Unreadable } from './data-type.ts'
import type { AttributeDefinition, Vendor } from './definition.ts'

/** Octets of one occurrence of an attribute, or why its containers could not be opened. Return false to stop. */
export type Visit = (content: Uint8Array | Unreadable) => boolean

export const VENDOR_SPECIFIC = 26
const MALFORMED_TLV = new Unreadable('malformed-tlv')
const MALFORMED_VENDOR = new Unreadable('malformed-vendor-attribute')
const FRAGMENT_MISSING = new Unreadable('fragment-missing')
/** The layout RFC 2865 section 5.26 recommends, and the one inside extended attributes (RFC 6929 section 2.4). */
const PLAIN_VENDOR: Pick<Vendor, 'typeSize' | 'lengthSize' | 'continuation'> = {
  typeSize: 1,
  lengthSize: 1,
  continuation: false,
}

/** RFC 6929 section 2: types 241 to 244 are extended, 245 and 246 long extended. */
export function isExtendedType(type: number): boolean {
  return type >= 241 && type <= 246
}

export function isLongExtendedType(type: number): boolean {
  return type === 245 || type === 246
}

/** Visits every occurrence of an attribute among `octets[from, to)`, a well-formed row of attributes, in order. */
export function find(
  octets: Uint8Array,
  from: number,
  to: number,
  definition: AttributeDefinition,
  visit: Visit,
): void {
  const path = definition.path
  const first = path[0] as number
  if (first === VENDOR_SPECIFIC && path.length > 1) {
    findVendor(octets, from, to, definition, visit)
  } else if (isExtendedType(first) && path.length > 1) {
    findExtended(octets, from, to, path, visit)
  } else {
    for (let at = from; at < to; at += octets[at + 1] as number) {
      if (octets[at] !== first) continue
      const content = octets.subarray(at + 2, at + (octets[at + 1] as number))
      if (!descend(content, path, 1, visit)) return
    }
  }
}

/** Down through TLVs (RFC 6929 section 2.3), from `path[depth]` on. */
function descend(content: Uint8Array, path: readonly number[], depth: number, visit: Visit): boolean {
  if (depth === path.length) return visit(content)
  for (let at = 0; at < content.length; ) {
    const length = content[at + 1] ?? 0
    if (length < 2 || at + length > content.length) return visit(MALFORMED_TLV)
    if (content[at] === path[depth]) {
      if (!descend(content.subarray(at + 2, at + length), path, depth + 1, visit)) return false
    }
    at += length
  }
  return true
}

/** An integer of `size` octets in network order. */
export function unsigned(octets: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (octets[at + i] ?? 0)
  return value
}

function findVendor(
  octets: Uint8Array,
  from: number,
  to: number,
  definition: AttributeDefinition,
  visit: Visit,
): void {
  const { path } = definition
  const { typeSize, lengthSize, continuation } = definition.vendor ?? PLAIN_VENDOR
  const header = typeSize + lengthSize + (continuation ? 1 : 0)
  let fragments: Uint8Array[] = []
  for (let at = from; at < to; at += octets[at + 1] as number) {
    if (octets[at] !== VENDOR_SPECIFIC) continue
    const end = at + (octets[at + 1] as number)
    if (end - at < 6 || unsigned(octets, at + 2, 4) !== path[1]) continue
    if (path.length === 2) {
      if (!visit(octets.subarray(at + 6, end))) return
      continue
    }
    for (let inner = at + 6; inner < end; ) {
      const length = lengthSize === 0 ? end - inner : unsigned(octets, inner + typeSize, lengthSize)
      if (length < header || inner + length > end) {
        if (!visit(MALFORMED_VENDOR)) return
        break
      }
      if (unsigned(octets, inner, typeSize) === path[2]) {
        const content = octets.subarray(inner + header, inner + length)
        if (continuation && ((octets[inner + header - 1] as number) & 0x80) !== 0) fragments.push(content)
        else {
          const whole = fragments.length === 0 ? content : concat(...fragments, content)
          fragments = []
          if (!descend(whole, path, 3, visit)) return
        }
      }
      inner += length
    }
  }
  if (fragments.length > 0) visit(FRAGMENT_MISSING)
}

/** RFC 6929 sections 2.1 and 2.2: an extended type, and for long ones a flags octet whose top bit says "more". */
function findExtended(
  octets: Uint8Array,
  from: number,
  to: number,
  path: readonly number[],
  visit: Visit,
): void {
  const isLong = isLongExtendedType(path[0] as number)
  const header = isLong ? 4 : 3
  let fragments: Uint8Array[] = []
  for (let at = from; at < to; at += octets[at + 1] as number) {
    const length = octets[at + 1] as number
    const isWanted = octets[at] === path[0] && length >= 3 && octets[at + 2] === path[1]
    if (!isWanted || length < header) {
      // Fragments of one attribute follow each other without a gap (RFC 6929 section 2.2).
      if (fragments.length > 0 || isWanted) {
        fragments = []
        if (!visit(FRAGMENT_MISSING)) return
      }
      continue
    }
    const content = octets.subarray(at + header, at + length)
    if (isLong && ((octets[at + 3] as number) & 0x80) !== 0) {
      fragments.push(content)
      continue
    }
    const whole = fragments.length === 0 ? content : concat(...fragments, content)
    fragments = []
    if (!openExtended(whole, path, visit)) return
  }
  if (fragments.length > 0) visit(FRAGMENT_MISSING)
}

/** RFC 6929 section 2.4: extended type 26 holds a vendor id and a vendor type of one octet, without a length. */
function openExtended(content: Uint8Array, path: readonly number[], visit: Visit): boolean {
  if (path[1] !== VENDOR_SPECIFIC || path.length === 2) return descend(content, path, 2, visit)
  if (content.length < 5) return visit(MALFORMED_VENDOR)
  if (unsigned(content, 0, 4) !== path[2]) return true
  if (path.length === 3) return visit(content.subarray(4))
  return content[4] === path[3] ? descend(content.subarray(5), path, 4, visit) : true
}
