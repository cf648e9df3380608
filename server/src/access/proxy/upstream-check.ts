import { toUtf8 } from '@sallyport/bytes'
import { parseMschapFailure } from '@sallyport/mschap'
import { attribute, PacketCode, type PacketView, RadiusError } from '@sallyport/radius'
import {
  MsChap2Success,
  MsChapError,
  MsChapMppeKeys,
  MsMppeRecvKey,
  MsMppeSendKey,
  NasIdentifier,
  ProxyState,
  UserName,
} from '@sallyport/radius/attributes'
import type { RemoteAnswer, UpstreamCheck } from '../../identity/radius/upstream-check.ts'
import { readableAttributes } from '../readable-attributes.ts'
import type { LoopMark } from './loop-mark.ts'
import { proofAttributes } from './proof-attributes.ts'
import { silenceWords } from './silence-reason.ts'
import type { GroupAnswer, Upstreams } from './upstreams.ts'

type Reply = Extract<GroupAnswer, { kind: 'reply' }>

/** Asks a group whether a name and a proof belong together: this server is the RADIUS client then. */
export function upstreamCheck(upstreams: Upstreams, mark: LoopMark): UpstreamCheck {
  return {
    check: async (group, userName, proof) => {
      const attributes = [
        attribute(UserName, userName),
        attribute(NasIdentifier, 'sallyport'),
        ...proofAttributes(proof),
        attribute(ProxyState, mark.value),
      ]
      try {
        const answer = await upstreams.ask(group, 'authentication', PacketCode.AccessRequest, attributes)
        return answer.kind === 'reply'
          ? remoteAnswer(answer)
          : { kind: 'unsettled', why: silenceWords(group, answer) }
      } catch (error) {
        // Longer than an attribute may be (RFC 2865 section 5.2): no server could be asked.
        if (error instanceof RadiusError) return { kind: 'unsettled', why: error.message }
        throw error
      }
    },
  }
}

function remoteAnswer(reply: Reply): RemoteAnswer {
  const { packet, port } = reply
  const upstream = port.upstream.name
  switch (packet.code) {
    case PacketCode.AccessAccept:
      return { kind: 'accept', upstream, attributes: factsOf(packet), ...keysOf(reply) }
    case PacketCode.AccessReject: {
      const error = packet.get(MsChapError)
      const text = error === undefined ? undefined : toUtf8(error.subarray(1))
      const failure = text === undefined ? undefined : parseMschapFailure(text)
      return { kind: 'reject', upstream, ...(failure === undefined ? {} : { mschapError: failure.code }) }
    }
    default:
      return {
        kind: 'unsettled',
        why: `upstream "${upstream}" asks another question (Access-Challenge), which only a proxied realm can pass on`,
      }
  }
}

function keysOf({
  packet,
  hiding,
}: Reply): Pick<Extract<RemoteAnswer, { kind: 'accept' }>, 'ntHashHash' | 'mschapv2'> {
  const v1 = packet.get(MsChapMppeKeys, hiding)
  if (v1 !== undefined && v1.length >= 24) return { ntHashHash: v1.slice(8, 24) }
  const success = packet.get(MsChap2Success)
  const text = success === undefined ? undefined : toUtf8(success.subarray(1))
  const authenticatorResponse = /^S=[0-9A-F]{40}/i.exec(text ?? '')?.[0].toUpperCase()
  const send = packet.get(MsMppeSendKey, hiding)
  const receive = packet.get(MsMppeRecvKey, hiding)
  if (authenticatorResponse === undefined || send?.length !== 16 || receive?.length !== 16) return {}
  return { mschapv2: { authenticatorResponse, keys: { send, receive } } }
}

const OF_THE_TRANSPORT: ReadonlySet<string> = new Set([
  'EAP-Message',
  'Message-Authenticator',
  'State',
  'Proxy-State',
])

/** What an accept says of the user, for conditions: `user.attributes["Filter-Id"]`. */
export function factsOf(packet: PacketView): Record<string, string> {
  const readable = readableAttributes(packet, OF_THE_TRANSPORT)
  return Object.fromEntries(Object.entries(readable).map(([name, values]) => [name, values.join(', ')]))
}
