import { Reader, Writer } from '@sallyport/bytes'
import { MAJOR_VERSION } from './codes.ts'
import { type Decoded, refused } from './fault.ts'

export const HEADER_LENGTH = 12

/**
 * RFC 8907 section 4.1
 *
 *  1 2 3 4 5 6 7 8  1 2 3 4 5 6 7 8  1 2 3 4 5 6 7 8  1 2 3 4 5 6 7 8
 * +----------------+----------------+----------------+----------------+
 * |major  | minor  |      type      |     seq_no     |   flags        |
 * +----------------+----------------+----------------+----------------+
 * |                            session_id                             |
 * +----------------+----------------+----------------+----------------+
 * |                              length                               |
 * +----------------+----------------+----------------+----------------+
 */
export interface Header {
  readonly minorVersion: number
  readonly type: number
  /** 1 for the first packet of a session; clients send odd numbers, servers even ones. */
  readonly sequence: number
  readonly flags: number
  readonly sessionId: number
}

export function encodeHeader(header: Header, length: number): Uint8Array {
  if (header.minorVersion > 0xf) throw new RangeError(`minor version ${header.minorVersion}`)
  return new Writer(HEADER_LENGTH)
    .u8((MAJOR_VERSION << 4) | header.minorVersion)
    .u8(header.type)
    .u8(header.sequence)
    .u8(header.flags)
    .u32(header.sessionId)
    .u32(length)
    .finish()
}

/** `length`: of the body that follows. */
export function decodeHeader(octets: Uint8Array): Decoded<Header & { readonly length: number }> {
  if (octets.length < HEADER_LENGTH) return refused('truncated')
  const reader = new Reader(octets)
  const version = reader.u8()
  if (version >>> 4 !== MAJOR_VERSION) return refused('not-tacacs')
  return {
    ok: true,
    value: {
      minorVersion: version & 0xf,
      type: reader.u8(),
      sequence: reader.u8(),
      flags: reader.u8(),
      sessionId: reader.u32(),
      length: reader.u32(),
    },
  }
}
