import { type Attribute, encodeReply, PacketCode, RadiusError } from '@sallyport/radius'
import { EapMessage, ReplyMessage } from '@sallyport/radius/attributes'
import type { AccessRequest } from './access-request.ts'

/** What a reject may go without, most welcome last: the code alone already says no. */
const KEPT: readonly ((type: number | undefined) => boolean)[] = [
  () => true,
  (type) => type !== ReplyMessage.path[0],
  // A supplicant waits for its EAP-Failure (RFC 3579 section 2.6.3); MS-CHAP-Error and others only explain.
  (type) => type === EapMessage.path[0],
  () => false,
]

export interface Refusal {
  readonly octets: Uint8Array
  /** Those that are in it. */
  readonly attributes: readonly Attribute[]
}

/**
 * An Access-Reject with as much of `attributes` as fits beside the Proxy-States, all of which go back (RFC 2865 section
 * 5.33). Undefined where they leave no room for any: a proxy that does not get them back cannot tell whose answer it is.
 */
export function encodeRefusal(request: AccessRequest, attributes: readonly Attribute[]): Refusal | undefined {
  for (const isKept of KEPT) {
    const kept = attributes.filter((each) => isKept(typeOf(each)))
    const octets = encodeIfFits(PacketCode.AccessReject, request, kept)
    if (octets !== undefined) return { octets, attributes: kept }
  }
  return undefined
}

/** Undefined where it does not fit beside the Proxy-States: a login cannot go on without any part of a challenge. */
export function encodeChallenge(
  request: AccessRequest,
  attributes: readonly Attribute[],
): Uint8Array | undefined {
  return encodeIfFits(PacketCode.AccessChallenge, request, attributes)
}

function encodeIfFits(
  code: number,
  { packet, secret }: AccessRequest,
  attributes: readonly Attribute[],
): Uint8Array | undefined {
  try {
    return encodeReply({ code, request: packet, secret, attributes })
  } catch (error) {
    if (error instanceof RadiusError && error.code === 'packet-too-long') return undefined
    throw error
  }
}

function typeOf(each: Attribute): number | undefined {
  return 'definition' in each ? each.definition.path[0] : each.type
}
