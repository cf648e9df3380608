import { toUtf8 } from '@sallyport/bytes'
import type { EapPeer } from '@sallyport/eap'
import { type Attribute, attribute, PacketCode } from '@sallyport/radius'
import {
  CalledStationId,
  CallingStationId,
  MsChapError,
  NasIdentifier,
  ReplyMessage,
  UserName,
} from '@sallyport/radius/attributes'
import type { Response } from '@sallyport/radius/node'
import { type EapLogin, type Exchange, eapLogin } from '../radius-eap-client.ts'
import { oneLine } from '../table.ts'
import type { AcceptCheck, DirectProof } from './direct-login.ts'
import { eapFailureText, mschapErrorText, rejectText } from './failure-texts.ts'
import type { Transcript } from './transcript.ts'

export interface TestRequest {
  /** What the RADIUS client tells the server: the outer identity where there is one. */
  readonly userName: string
  readonly callingStationId: string | undefined
  readonly calledStationId: string | undefined
}

/** How a test login ended, for people: `problem` is there where it is not all right. */
export interface TestVerdict {
  readonly outcome: 'accepted' | 'refused' | 'broken-off'
  readonly keys: AcceptCheck['keys']
  readonly problem?: string
}

/** A login of one request and one reply. */
export async function directTestLogin(
  client: Exchange,
  request: TestRequest,
  proof: DirectProof,
  transcript: Transcript,
): Promise<TestVerdict> {
  transcript.sent(request.userName)
  const reply = await client.send(PacketCode.AccessRequest, [
    ...requestAttributes(request),
    ...proof.attributes,
  ])
  transcript.received(reply, undefined)
  transcript.attributes(reply)
  switch (reply.packet.code) {
    case PacketCode.AccessAccept:
      return acceptVerdict(proof.checkAccept(reply))
    case PacketCode.AccessReject:
      return { outcome: 'refused', keys: 'absent', problem: rejectText(rejectReason(reply)) }
    default:
      return {
        outcome: 'broken-off',
        keys: 'absent',
        problem: 'The server asks for more than a password (Access-Challenge); this test cannot answer that.',
      }
  }
}

/** A login by EAP. */
export async function eapTestLogin(
  client: Exchange,
  request: TestRequest,
  peer: EapPeer,
  transcript: Transcript,
): Promise<TestVerdict> {
  const login = await eapLogin(client, peer, {
    attributes: requestAttributes(request),
    onRequest: (eap) => transcript.sent(eap),
    onReply: (reply, eap) => transcript.received(reply, eap),
  })
  transcript.attributes(login.reply)
  return eapVerdict(login)
}

function eapVerdict(login: EapLogin): TestVerdict {
  switch (login.kind) {
    case 'accepted':
      return acceptVerdict({ server: 'absent', keys: login.keys })
    case 'rejected': {
      // Our own peer did not trust the server, and told it so.
      if (login.reason?.code === 'tls-handshake-failed') {
        return { outcome: 'broken-off', keys: 'absent', problem: eapFailureText(login.reason) }
      }
      // The method's own word first, then what the reject carries beside EAP.
      const isSilent = login.reason === undefined || login.reason.code === 'server-reported-failure'
      const said = isSilent ? rejectReason(login.reply) : eapFailureText(login.reason)
      return { outcome: 'refused', keys: 'absent', problem: rejectText(said) }
    }
    case 'broken-off':
      return { outcome: 'broken-off', keys: 'absent', problem: eapFailureText(login.reason) }
  }
}

function acceptVerdict({ server, keys }: AcceptCheck): TestVerdict {
  const problem = acceptProblem(server, keys)
  return problem === undefined ? { outcome: 'accepted', keys } : { outcome: 'broken-off', keys, problem }
}

function acceptProblem(server: AcceptCheck['server'], keys: AcceptCheck['keys']): string | undefined {
  if (server === 'missing')
    return 'Accepted, but the server did not prove that it knows the password (no MS-CHAP2-Success).'
  if (server === 'wrong') return 'Accepted, but the server does not know the password: it may be a false one.'
  if (keys === 'missing') return 'Accepted, but without MS-MPPE keys: encrypted Wi-Fi and VPN would not work.'
  if (keys === 'mismatch')
    return 'Accepted, but the MS-MPPE keys are not those this login made: encryption would fail.'
  return undefined
}

/** What the reject itself tells. */
function rejectReason(reply: Response): string | undefined {
  const error = reply.packet.get(MsChapError)
  // RFC 2548 section 2.1.5: one octet ident, then the text.
  const text = error === undefined ? undefined : toUtf8(error.subarray(1))
  const message = reply.packet.get(ReplyMessage)
  const said =
    message === undefined ? undefined : `The server refused the login and says "${oneLine(message)}".`
  return (text === undefined ? undefined : mschapErrorText(text)) ?? said
}

function requestAttributes(request: TestRequest): Attribute[] {
  const { userName, callingStationId, calledStationId } = request
  return [
    attribute(UserName, userName),
    attribute(NasIdentifier, 'sallyport-test'),
    ...(callingStationId === undefined ? [] : [attribute(CallingStationId, callingStationId)]),
    ...(calledStationId === undefined ? [] : [attribute(CalledStationId, calledStationId)]),
  ]
}
