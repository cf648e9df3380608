import { ChapChallenge, ChapPassword } from './attributes/rfc2865.generated.ts'
import { md5 } from './md5.ts'
import type { PacketView } from './packet-view.ts'

/** What a CHAP peer sent (RFC 1994 section 4.1): views into the packet. */
export interface Chap {
  readonly id: number
  /** 16 octets. */
  readonly response: Uint8Array
  readonly challenge: Uint8Array
}

/**
 * The CHAP response of an Access-Request, or undefined where there is none that can be read. RFC 2865 section 5.40: the
 * challenge is the authenticator where there is no CHAP-Challenge. A CHAP-Challenge of no octets is none to build on.
 */
export function chapOf(packet: PacketView): Chap | undefined {
  const password = packet.get(ChapPassword)
  if (password === undefined) return undefined
  const challenge = packet.hasType(60) ? packet.get(ChapChallenge) : packet.authenticator
  if (challenge === undefined || challenge.length === 0) return undefined
  return { id: password[0] as number, response: password.subarray(1), challenge }
}

/** RFC 1994 section 4.1: MD5(id, password, challenge). */
export function chapResponse(
  id: number,
  password: Uint8Array,
  challenge: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return md5(Uint8Array.of(id), password, challenge)
}
