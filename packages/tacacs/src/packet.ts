import { concat } from '@sallyport/bytes'
import { HeaderFlag, MAJOR_VERSION } from './codes.ts'
import { type Decoded, refused } from './fault.ts'
import { decodeHeader, encodeHeader, HEADER_LENGTH, type Header } from './header.ts'
import { obfuscate } from './obfuscation.ts'

export interface OpenedPacket {
  readonly header: Header
  readonly body: Uint8Array
}

/** A whole packet with its body obfuscated. */
export function encodePacket(header: Header, body: Uint8Array, secret: Uint8Array): Uint8Array {
  return concat(encodeHeader(header, body.length), obfuscate(body, secret, seedOf(header)))
}

/**
 * A whole packet opened. What is in the clear is refused: there is a secret, and RFC 8907 section 4.5 has such packets
 * dropped, or anybody could answer.
 */
export function openPacket(packet: Uint8Array, secret: Uint8Array): Decoded<OpenedPacket> {
  const decoded = decodeHeader(packet)
  if (!decoded.ok) return decoded
  const { length, ...header } = decoded.value
  if (packet.length < HEADER_LENGTH + length) return refused('truncated')
  if (packet.length > HEADER_LENGTH + length) return refused('too-long')
  if ((header.flags & HeaderFlag.Unencrypted) !== 0) return refused('unencrypted')
  const body = obfuscate(packet.subarray(HEADER_LENGTH), secret, seedOf(header))
  return { ok: true, value: { header, body } }
}

function seedOf({ minorVersion, sequence, sessionId }: Header) {
  return { version: (MAJOR_VERSION << 4) | minorVersion, sequence, sessionId }
}
