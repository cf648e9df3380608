import { Writer } from '@sallyport/bytes'
import type { EapCode } from '../../packet.ts'

/** EAP type of the extension packets that carry TLVs ([MS-PEAP] section 2.2.8). */
export const EXTENSIONS = 33

const HEADER = 4

/**
 * PEAPv0 leaves the EAP header of inner packets out: type and type-data travel alone, code and identifier are those of
 * the outer packet ([MS-PEAP] section 2.2.3). Only extension packets keep it.
 */
export function withoutHeader(packet: Uint8Array): Uint8Array {
  return packet.subarray(HEADER)
}

/** Puts the header back. Throws Overflow where the packet would pass 65,535 octets. */
export function withHeader(
  code: typeof EapCode.Request | typeof EapCode.Response,
  identifier: number,
  body: Uint8Array,
): Uint8Array {
  const length = HEADER + body.length
  return new Writer(length).u8(code).u8(identifier).u16(length).bytes(body).finish()
}

/** The TLVs of an extension packet of that code; undefined where it is something else. */
export function extensionTlvs(
  octets: Uint8Array,
  code: typeof EapCode.Request | typeof EapCode.Response,
): Uint8Array | undefined {
  if (octets.length < HEADER + 1 || octets[0] !== code || octets[HEADER] !== EXTENSIONS) return undefined
  const length = ((octets[2] as number) << 8) | (octets[3] as number)
  return length === octets.length ? octets.subarray(HEADER + 1) : undefined
}

/** An extension packet. */
export function extensionPacket(
  code: typeof EapCode.Request | typeof EapCode.Response,
  identifier: number,
  tlvs: Uint8Array,
): Uint8Array {
  return withHeader(code, identifier, new Writer(1 + tlvs.length).u8(EXTENSIONS).bytes(tlvs).finish())
}
