import { timingSafeEqual } from '@sallyport/bytes'
import {
  describeEap,
  type EapFailure,
  type EapKeys,
  type EapPeer,
  type EapPeerAnswer,
  EapType,
  encodeRequest,
} from '@sallyport/eap'
import { type Attribute, attribute, PacketCode } from '@sallyport/radius'
import { EapMessage, MsMppeRecvKey, MsMppeSendKey, State } from '@sallyport/radius/attributes'
import type { RadiusClient, Response } from '@sallyport/radius/node'

/** What carries one request to the server and its verified reply back. */
export type Exchange = Pick<RadiusClient, 'send'>

export interface EapLoginOptions {
  /** In every Access-Request, beside EAP-Message and State. */
  readonly attributes: readonly Attribute[]
  /** Told of every packet, in both directions. */
  readonly onRequest?: (eap: string) => void
  readonly onReply?: (reply: Response, eap: string | undefined) => void
}

/** How an EAP conversation over RADIUS (RFC 3579) ended. `reply`: the last one. */
export type EapLogin =
  | {
      readonly kind: 'accepted'
      readonly reply: Response
      readonly method: string
      /** `absent`: the method derives none. */
      readonly keys: 'match' | 'mismatch' | 'missing' | 'absent'
    }
  | { readonly kind: 'rejected'; readonly reply: Response; readonly reason: EapFailure | undefined }
  /** The peer broke off: the server is not who it should be, or does not keep to the protocol. */
  | { readonly kind: 'broken-off'; readonly reply: Response; readonly reason: EapFailure }

const MOST_ROUNDS = 100

/**
 * Plays the RADIUS client between an EAP peer and a RADIUS server: wraps what the peer says, keeps State, believes an
 * accept only where the peer does, and compares the MPPE keys of the accept with those the peer derived.
 */
export async function eapLogin(client: Exchange, peer: EapPeer, options: EapLoginOptions): Promise<EapLogin> {
  // The RADIUS client asks for the identity itself and begins with the answer (RFC 3579 section 2.1).
  let answer = await peer.receive(encodeRequest(0, EapType.Identity, new Uint8Array(0)))
  let state: Uint8Array | undefined
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const reply = await send(client, answer, state, options)
    const eap = reply.packet.get(EapMessage)
    options.onReply?.(reply, eap === undefined ? undefined : describeEap(eap))
    answer = eap === undefined ? brokenAnswer('no EAP-Message in the reply') : await peer.receive(eap)
    switch (reply.packet.code) {
      case PacketCode.AccessAccept:
        return accepted(reply, answer)
      case PacketCode.AccessReject:
        return { kind: 'rejected', reply, reason: answer.kind === 'failure' ? answer.reason : undefined }
    }
    if (answer.kind !== 'respond') return { kind: 'broken-off', reply, reason: reasonOf(answer) }
    state = reply.packet.get(State)?.slice()
  }
  throw new RangeError(`the server asked ${MOST_ROUNDS} times and came to no end`)
}

async function send(
  client: Exchange,
  answer: EapPeerAnswer,
  state: Uint8Array | undefined,
  options: EapLoginOptions,
): Promise<Response> {
  if (answer.kind !== 'respond') throw new RangeError(`the peer has nothing to send: ${answer.kind}`)
  options.onRequest?.(describeEap(answer.packet))
  return await client.send(PacketCode.AccessRequest, [
    ...options.attributes,
    attribute(EapMessage, answer.packet),
    ...(state === undefined ? [] : [attribute(State, state)]),
  ])
}

function accepted(reply: Response, answer: EapPeerAnswer): EapLogin {
  if (answer.kind !== 'success') return { kind: 'broken-off', reply, reason: reasonOf(answer) }
  return { kind: 'accepted', reply, method: answer.method, keys: compareKeys(reply, answer.keys) }
}

/**
 * The first half of the MSK is MS-MPPE-Recv-Key, the second MS-MPPE-Send-Key (RFC 3748 section 7.10, RFC 5216 2.3).
 * EAP-MSCHAPv2 makes 32 octets and pads them to 64; FreeRADIUS and hostapd cut the 32 in halves instead of the 64.
 */
function compareKeys(
  reply: Response,
  keys: EapKeys | undefined,
): 'match' | 'mismatch' | 'missing' | 'absent' {
  if (keys === undefined) return 'absent'
  const receive = reply.packet.get(MsMppeRecvKey, reply.hiding)
  const send = reply.packet.get(MsMppeSendKey, reply.hiding)
  if (receive === undefined || send === undefined) return 'missing'
  const isPadded = keys.msk.subarray(32).every((octet) => octet === 0)
  const half = isPadded && receive.length === 16 ? 16 : 32
  const isRight =
    timingSafeEqual(receive, keys.msk.subarray(0, half)) &&
    timingSafeEqual(send, keys.msk.subarray(half, 2 * half))
  return isRight ? 'match' : 'mismatch'
}

function reasonOf(answer: EapPeerAnswer): EapFailure {
  return 'reason' in answer ? answer.reason : { code: 'unexpected-packet', detail: { answer: answer.kind } }
}

function brokenAnswer(what: string): EapPeerAnswer {
  return { kind: 'ignore', reason: { code: 'malformed-packet', detail: { what } } }
}
