import { concat, Reader, Truncated, Writer } from '@sallyport/bytes'

/** TLV types of [MS-PEAP] section 2.2.8.1. */
export const TlvType = { Result: 3, CryptoBinding: 12 } as const

const MANDATORY = 0x8000
const TYPE_MASK = 0x3fff

/** Values of the Result TLV. */
export const PeapResult = { Success: 1, Failure: 2 } as const

export interface Tlvs {
  readonly result?: number
  /** The whole Cryptobinding TLV, header included: its MAC covers the header. */
  readonly cryptoBinding?: Uint8Array
}

/** Reads Result and Cryptobinding TLVs; undefined where they are malformed or another mandatory TLV is there. */
export function parseTlvs(octets: Uint8Array): Tlvs | undefined {
  const found: { result?: number; cryptoBinding?: Uint8Array } = {}
  try {
    const reader = new Reader(octets)
    while (reader.left > 0) {
      const from = reader.offset
      const type = reader.u16()
      const value = reader.bytes(reader.u16())
      switch (type & TYPE_MASK) {
        case TlvType.Result:
          if (value.length !== 2 || found.result !== undefined) return undefined
          found.result = new Reader(value).u16()
          break
        case TlvType.CryptoBinding:
          if (found.cryptoBinding !== undefined) return undefined
          found.cryptoBinding = octets.subarray(from, reader.offset)
          break
        default:
          if ((type & MANDATORY) !== 0) return undefined
      }
    }
  } catch (error) {
    if (error instanceof Truncated) return undefined
    throw error
  }
  return found
}

/** A Result TLV, with a Cryptobinding TLV after it where there is one. */
export function encodeTlvs(result: number, cryptoBinding?: Uint8Array): Uint8Array {
  const first = new Writer(6)
    .u16(MANDATORY | TlvType.Result)
    .u16(2)
    .u16(result)
    .finish()
  return cryptoBinding === undefined ? first : concat(first, cryptoBinding)
}
