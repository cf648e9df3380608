import { PacketView } from './packet-view.ts'

/** RFC 2865 section 3: "The minimum length is 20 and maximum length is 4096." */
export const HEADER_LENGTH = 20
export const MAXIMUM_LENGTH = 4096
/** A packet of 4096 octets has room for 2038 empty attributes; honest ones carry a few dozen. */
export const MAXIMUM_ATTRIBUTES = 255

const MESSAGE_AUTHENTICATOR = 80

/** Why octets are not a RADIUS packet. Whoever sends them gets silence. */
export type MalformedReason =
  /** Fewer octets than a header. */
  | 'packet-too-short'
  /** The Length field says less than a header. */
  | 'length-too-small'
  /** The Length field says more than RFC 2865 allows. */
  | 'length-too-large'
  /** The Length field says more than arrived. */
  | 'packet-truncated'
  /** An attribute's length is less than its own two octets. */
  | 'attribute-too-short'
  /** An attribute ends after the packet. */
  | 'attribute-overruns-packet'
  | 'too-many-attributes'
  /** Not exactly 16 octets of value (RFC 3579 section 3.2). */
  | 'message-authenticator-malformed'
  | 'message-authenticator-repeated'

export type Inspected =
  | { readonly ok: true; readonly packet: PacketView }
  /** `offset`: the octet of the datagram at which reading stopped. */
  | { readonly ok: false; readonly reason: MalformedReason; readonly offset: number }

function malformed(reason: MalformedReason, offset: number): Inspected {
  return { ok: false, reason, offset }
}

/**
 * First pass: is this a well-formed packet? Needs no secret and never throws. The view keeps the octets that arrived
 * (it does not copy them), without the padding that RFC 2865 section 3 says to ignore.
 */
export function inspect(datagram: Uint8Array): Inspected {
  if (datagram.length < HEADER_LENGTH) return malformed('packet-too-short', datagram.length)
  const length = ((datagram[2] as number) << 8) | (datagram[3] as number)
  if (length < HEADER_LENGTH) return malformed('length-too-small', 2)
  if (length > MAXIMUM_LENGTH) return malformed('length-too-large', 2)
  if (length > datagram.length) return malformed('packet-truncated', datagram.length)
  let count = 0
  let messageAuthenticatorAt = -1
  for (let at = HEADER_LENGTH; at < length; ) {
    if (++count > MAXIMUM_ATTRIBUTES) return malformed('too-many-attributes', at)
    const attributeLength = at + 1 < length ? (datagram[at + 1] as number) : 0
    if (attributeLength < 2) return malformed('attribute-too-short', at)
    if (at + attributeLength > length) return malformed('attribute-overruns-packet', at)
    if (datagram[at] === MESSAGE_AUTHENTICATOR) {
      if (attributeLength !== 18) return malformed('message-authenticator-malformed', at)
      if (messageAuthenticatorAt >= 0) return malformed('message-authenticator-repeated', at)
      messageAuthenticatorAt = at
    }
    at += attributeLength
  }
  return { ok: true, packet: new PacketView(datagram, length, messageAuthenticatorAt) }
}
