import { Reader, Truncated, Writer } from '@sallyport/bytes'

/** Flags octet of EAP-TLS (RFC 5216 section 3.1); PEAP and EAP-TTLS keep a version in the three lowest bits. */
export const TlsFlag = { lengthIncluded: 0x80, moreFragments: 0x40, start: 0x20 } as const

const VERSION_MASK = 0x07

/** The type-data of one EAP-TLS, PEAP or EAP-TTLS packet. */
export interface TlsFrame {
  readonly version: number
  readonly start: boolean
  readonly moreFragments: boolean
  /** Length of the whole TLS message, where the L bit is set. */
  readonly messageLength?: number
  readonly fragment: Uint8Array
}

/** Reads one frame; undefined where the octets the flags announce are missing. */
export function parseTlsFrame(data: Uint8Array): TlsFrame | undefined {
  try {
    const reader = new Reader(data)
    const flags = reader.u8()
    const length = (flags & TlsFlag.lengthIncluded) === 0 ? {} : { messageLength: reader.u32() }
    return {
      version: flags & VERSION_MASK,
      start: (flags & TlsFlag.start) !== 0,
      moreFragments: (flags & TlsFlag.moreFragments) !== 0,
      ...length,
      fragment: reader.rest(),
    }
  } catch (error) {
    if (error instanceof Truncated) return undefined
    throw error
  }
}

export function encodeTlsFrame(frame: TlsFrame): Uint8Array {
  const { messageLength } = frame
  const writer = new Writer(1 + (messageLength === undefined ? 0 : 4) + frame.fragment.length)
  writer.u8(
    frame.version |
      (frame.start ? TlsFlag.start : 0) |
      (frame.moreFragments ? TlsFlag.moreFragments : 0) |
      (messageLength === undefined ? 0 : TlsFlag.lengthIncluded),
  )
  if (messageLength !== undefined) writer.u32(messageLength)
  return writer.bytes(frame.fragment).finish()
}
