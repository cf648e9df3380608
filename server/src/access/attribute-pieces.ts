import { builtInDictionary, type RawAttribute } from '@sallyport/radius'

const VENDOR_SPECIFIC = 26

/** An attribute as it stands in a packet: one of a vendor's alone, where a Vendor-Specific holds several. */
export interface Piece {
  /** `[1]`, `[26, 311, 16]`, `[245, 26]`: where it stands. */
  readonly path: readonly number[]
  readonly content: Uint8Array
  readonly raw: RawAttribute
}

export function piecesOf(type: number, octets: Uint8Array): Piece[] {
  const raw = { type, octets }
  if (type === VENDOR_SPECIFIC && octets.length > 4)
    return vendorPieces(octets) ?? [{ path: [type], content: octets, raw }]
  // Extended types (RFC 6929): named by their two octets; pieces of one attribute stay together and in order.
  if (type >= 241 && type <= 246 && octets.length > 0)
    return [{ path: [type, octets[0] as number], content: octets, raw }]
  return [{ path: [type], content: octets, raw }]
}

/** RFC 2865 section 5.26; undefined where the octets are not laid out as the vendor does. */
function vendorPieces(octets: Uint8Array): Piece[] | undefined {
  const vendor = new DataView(octets.buffer, octets.byteOffset).getUint32(0)
  const { typeSize = 1, lengthSize = 1, continuation = false } = builtInDictionary.vendor(vendor) ?? {}
  const header = typeSize + lengthSize
  const pieces: Piece[] = []
  for (let at = 4; at < octets.length; ) {
    const left = octets.length - at
    const length = left < header ? 0 : lengthSize === 0 ? left : number(octets, at + typeSize, lengthSize)
    if (length < header || length > left) return undefined
    const inner = octets.subarray(at, at + length)
    const path = [VENDOR_SPECIFIC, vendor, number(inner, 0, typeSize)]
    const whole = new Uint8Array(4 + length)
    whole.set(octets.subarray(0, 4))
    whole.set(inner, 4)
    // A value spread over several attributes cannot be opened here; no hidden one is.
    pieces.push({
      path: continuation ? [...path, 0] : path,
      content: inner.subarray(header),
      raw: { type: VENDOR_SPECIFIC, octets: whole },
    })
    at += length
  }
  return pieces
}

function number(octets: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (octets[at + i] as number)
  return value
}
