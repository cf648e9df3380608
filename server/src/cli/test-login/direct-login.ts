import { hash, randomBytes } from 'node:crypto'
import { concat, fromUtf8, timingSafeEqual, toUtf8 } from '@sallyport/bytes'
import {
  challengeResponse,
  checkAuthenticatorResponse,
  generateNtResponse,
  hashNtPasswordHash,
  mppeKeys,
  ntPasswordHash,
  withoutDomain,
} from '@sallyport/mschap'
import { type Attribute, attribute } from '@sallyport/radius'
import {
  ChapChallenge,
  ChapPassword,
  MsChap2Response,
  MsChap2Success,
  MsChapChallenge,
  MsChapMppeKeys,
  MsChapResponse,
  MsMppeRecvKey,
  MsMppeSendKey,
  ServiceType,
  UserPassword,
} from '@sallyport/radius/attributes'
import type { Response } from '@sallyport/radius/node'

export const DIRECT_METHODS = ['pap', 'chap', 'mschap', 'mschapv2'] as const
export type DirectMethod = (typeof DIRECT_METHODS)[number]

/** A login of one request: what to send, and what an accept has to prove in return. */
export interface DirectProof {
  readonly attributes: readonly Attribute[]
  checkAccept(reply: Response): AcceptCheck
}

export interface AcceptCheck {
  /** The server proved to know the password too; `absent`: the method has no such proof. */
  readonly server: 'proved' | 'wrong' | 'missing' | 'absent'
  readonly keys: 'match' | 'mismatch' | 'missing' | 'absent'
}

const NOTHING_TO_CHECK: AcceptCheck = { server: 'absent', keys: 'absent' }

export function directProof(method: DirectMethod, user: string, password: string): DirectProof {
  switch (method) {
    case 'pap':
      return {
        attributes: [attribute(UserPassword, fromUtf8(password))],
        checkAccept: () => NOTHING_TO_CHECK,
      }
    case 'chap':
      return { attributes: chapAttributes(password), checkAccept: () => NOTHING_TO_CHECK }
    case 'mschap':
      return mschapV1(password)
    case 'mschapv2':
      return mschapV2(user, password)
  }
}

/** MAC authentication bypass as switches ask for it: name and password are the address, and Service-Type Call-Check. */
export function macProof(userName: string): DirectProof {
  const callCheck = 10 // RFC 2865 section 5.6
  return {
    attributes: [attribute(UserPassword, fromUtf8(userName)), attribute(ServiceType, callCheck)],
    checkAccept: () => NOTHING_TO_CHECK,
  }
}

/** RFC 2865 sections 5.3 and 5.40. */
function chapAttributes(password: string): Attribute[] {
  const challenge = randomBytes(16)
  const identifier = randomBytes(1)
  const response = hash('md5', concat(identifier, fromUtf8(password), challenge), 'buffer')
  return [attribute(ChapPassword, concat(identifier, response)), attribute(ChapChallenge, challenge)]
}

/** RFC 2548 section 2.1.3: ident, flags (1 = NT response), LM response (24, unused), NT response (24). */
function mschapV1(password: string): DirectProof {
  const challenge = randomBytes(8)
  const ntHash = ntPasswordHash(password)
  const response = challengeResponse(challenge, ntHash)
  const value = concat(randomBytes(1), Uint8Array.of(1), new Uint8Array(24), response)
  return {
    attributes: [attribute(MsChapChallenge, challenge), attribute(MsChapResponse, value)],
    checkAccept: (reply) => {
      // RFC 2548 section 2.4.1: LM key (8), NT key (16), padding (8); hidden it may come without the padding.
      const keys = reply.packet.get(MsChapMppeKeys, reply.hiding)
      const isRight = keys !== undefined && timingSafeEqual(keys.subarray(8, 24), hashNtPasswordHash(ntHash))
      return { server: 'absent', keys: keys === undefined ? 'missing' : isRight ? 'match' : 'mismatch' }
    },
  }
}

/** RFC 2548 section 2.3.2: ident, flags, peer challenge (16), reserved (8), response (24). */
function mschapV2(user: string, password: string): DirectProof {
  const authenticatorChallenge = randomBytes(16)
  const peerChallenge = randomBytes(16)
  const userName = withoutDomain(user)
  const ntHash = ntPasswordHash(password)
  const ntHashHash = hashNtPasswordHash(ntHash)
  const ntResponse = generateNtResponse(authenticatorChallenge, peerChallenge, userName, ntHash)
  const value = concat(randomBytes(1), Uint8Array.of(0), peerChallenge, new Uint8Array(8), ntResponse)
  const response = { authenticatorChallenge, peerChallenge, ntResponse, userName }
  return {
    attributes: [attribute(MsChapChallenge, authenticatorChallenge), attribute(MsChap2Response, value)],
    checkAccept: (reply) => {
      const success = reply.packet.get(MsChap2Success)
      const text = success === undefined ? undefined : toUtf8(success.subarray(1))
      const isProved = text !== undefined && checkAuthenticatorResponse(ntHashHash, response, text)
      const { send, receive } = mppeKeys(ntHashHash, ntResponse, 'server')
      return {
        server: success === undefined ? 'missing' : isProved ? 'proved' : 'wrong',
        keys: compareKeys(reply, send, receive),
      }
    },
  }
}

function compareKeys(reply: Response, send: Uint8Array, receive: Uint8Array): AcceptCheck['keys'] {
  const sent = reply.packet.get(MsMppeSendKey, reply.hiding)
  const received = reply.packet.get(MsMppeRecvKey, reply.hiding)
  if (sent === undefined || received === undefined) return 'missing'
  return timingSafeEqual(sent, send) && timingSafeEqual(received, receive) ? 'match' : 'mismatch'
}
