/** What RADIUS clients send to a `Door`: the same octets every time, so that a seed names a case. */
import { createHash, createHmac } from 'node:crypto'
import { concat, fromUtf8 } from '@sallyport/bytes'
import { challengeResponse, generateNtResponse, ntPasswordHash } from '@sallyport/mschap'
import {
  type Attribute,
  attribute,
  chapResponse,
  encodeRequest,
  inspect,
  PacketCode,
  type PacketView,
  Secret,
  verifyReply,
} from '@sallyport/radius'
import {
  AcctInputOctets,
  AcctSessionId,
  AcctStatusType,
  CallingStationId,
  ChapChallenge,
  ChapPassword,
  MsChap2Response,
  MsChapChallenge,
  MsChapResponse,
  NasIdentifier,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import { SECRET } from './door.ts'
import { PASSWORD } from './door-users.ts'

const secret = new Secret(SECRET)

/** The authenticator of number `n`: any octets, different for each number. */
export function authenticatorOf(n: number): Uint8Array {
  return createHash('md5').update(`authenticator ${n}`).digest()
}

export const PROOFS = ['pap', 'chap', 'mschap', 'mschapv2'] as const
export type ProofMethod = (typeof PROOFS)[number]

/** The attributes that prove a password. */
export function proof(method: ProofMethod, password = PASSWORD, user = 'alice'): Attribute[] {
  const challenge = Uint8Array.from({ length: 16 }, (_, at) => 16 * at + 1)
  const ntHash = ntPasswordHash(password)
  switch (method) {
    case 'pap':
      return [attribute(UserPassword, fromUtf8(password))]
    case 'chap': {
      const response = chapResponse(7, fromUtf8(password), challenge)
      return [
        attribute(ChapPassword, concat(Uint8Array.of(7), response)),
        attribute(ChapChallenge, challenge),
      ]
    }
    case 'mschap': {
      const response = challengeResponse(challenge.subarray(0, 8), ntHash)
      const value = concat(Uint8Array.of(7, 1), new Uint8Array(24), response)
      return [attribute(MsChapChallenge, challenge.subarray(0, 8)), attribute(MsChapResponse, value)]
    }
    case 'mschapv2': {
      const response = generateNtResponse(challenge, challenge.toReversed(), user, ntHash)
      const value = concat(Uint8Array.of(7, 0), challenge.toReversed(), new Uint8Array(8), response)
      return [attribute(MsChapChallenge, challenge), attribute(MsChap2Response, value)]
    }
  }
}

export interface RequestOptions {
  readonly id?: number
  /** Number of its authenticator; the identifier's where left out. */
  readonly number?: number
  readonly secret?: string
  readonly messageAuthenticator?: boolean
  readonly code?: number
}

/** A signed request that carries these attributes. */
export function request(attributes: readonly Attribute[], options: RequestOptions = {}): Uint8Array {
  const { id = 1, number = id, code = PacketCode.AccessRequest } = options
  return encodeRequest({
    code,
    id,
    attributes,
    secret: options.secret === undefined ? secret : new Secret(options.secret),
    authenticator: authenticatorOf(number),
    ...(options.messageAuthenticator === undefined
      ? {}
      : { messageAuthenticator: options.messageAuthenticator }),
  })
}

/** A login in one request. */
export function login(
  method: ProofMethod,
  {
    user = 'alice',
    password = PASSWORD,
    ...options
  }: RequestOptions & { user?: string; password?: string } = {},
): Uint8Array {
  const about = [
    attribute(UserName, user),
    attribute(NasIdentifier, 'nas'),
    attribute(CallingStationId, '02-00-00-00-00-01'),
  ]
  return request([...about, ...proof(method, password, user)], options)
}

/** The start of a session. */
export function accounting(options: RequestOptions = {}): Uint8Array {
  const attributes = [
    attribute(UserName, 'alice'),
    attribute(AcctStatusType, 1),
    attribute(AcctSessionId, 'session-1'),
    attribute(AcctInputOctets, 17),
  ]
  return request(attributes, { code: PacketCode.AccountingRequest, ...options })
}

const ZEROS = new Uint8Array(16)

/**
 * Signs what was altered, so that it passes the authenticator: Message-Authenticator where there is one (RFC 3579 section
 * 3.2), and the digest of an Accounting-Request (RFC 2866 section 3). With node:crypto, not with the code under test.
 */
export function sign(altered: Uint8Array, key = SECRET): Uint8Array {
  const octets = Uint8Array.from(altered)
  if (octets.length < 20) return octets
  const length = Math.min(octets.length, ((octets[2] as number) << 8) | (octets[3] as number))
  const packet = octets.subarray(0, Math.max(20, length))
  const isDigest = packet[0] === PacketCode.AccountingRequest
  if (isDigest) packet.set(ZEROS, 4)
  for (const { type, at, value } of walk(packet)) {
    if (type !== 80 || value.length !== 16) continue
    packet.set(ZEROS, at + 2)
    packet.set(createHmac('md5', key).update(packet).digest(), at + 2)
    break
  }
  if (isDigest) packet.set(createHash('md5').update(packet).update(key).digest(), 4)
  return octets
}

/** The attributes of a packet as far as their lengths make sense; reads with no code of the product. */
export function* walk(packet: Uint8Array) {
  for (let at = 20; at + 2 <= packet.length; ) {
    const length = packet[at + 1] as number
    if (length < 2 || at + length > packet.length) return
    yield { type: packet[at] as number, at, value: packet.subarray(at + 2, at + length) }
    at += length
  }
}

/** A reply that is really one to this request: identifier, authenticator and Message-Authenticator hold. */
export function readReply(reply: Uint8Array, sent: Uint8Array, key = SECRET): PacketView {
  const inspected = inspect(reply)
  if (!inspected.ok) throw new Error(`the reply is malformed: ${inspected.reason}`)
  const [code, id] = [sent[0] as number, sent[1] as number]
  const about = { code, id, authenticator: sent.subarray(4, 20) }
  const verified = verifyReply(inspected.packet, about, new Secret(key), {
    requireMessageAuthenticator: true,
  })
  if (!verified.ok) throw new Error(`the reply is not authentic: ${verified.reason}`)
  return inspected.packet
}
