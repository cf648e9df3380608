import { randomBytes } from 'node:crypto'
import {
  checkAuthenticatorResponse,
  encryptPasswords,
  generateNtResponse,
  hashNtPasswordHash,
  type MschapFailure,
  ntPasswordHash,
  parseMschapFailure,
  withoutDomain,
} from '@sallyport/mschap'
import { EapType } from '../../eap-type.ts'
import type { EapFailure } from '../../failure.ts'
import type { EapPeerMethod, EapPeerMethodFactory, PeerStep } from '../../peer-method.ts'
import type { EapKeys } from '../../result.ts'
import { mschapV2Keys } from './keys.ts'
import { encodeMschapV2, type MschapV2Packet, parseMschapV2 } from './packet.ts'

export interface MschapV2PeerOptions {
  readonly password: string
  /** Set when the server says that the password has expired (E=648). */
  readonly newPassword?: string
  /** Asked for another password when the server allows a retry; undefined gives up. */
  readonly askAgain?: (failure: MschapFailure) => string | undefined
  /** Name in the response. Default: the identity. The hash leaves out its domain. */
  readonly userName?: string
  readonly randomBytes?: (length: number) => Uint8Array
}

/** EAP-MSCHAPv2, peer side (draft-kamath-pppext-eap-mschapv2, RFC 2759). */
export function mschapV2Peer(options: MschapV2PeerOptions): EapPeerMethodFactory {
  return ({ identity }) => new MschapV2Peer(identity, options)
}

/** An answer that is out, with the hash of the password that the server must prove to know. */
interface Answered {
  readonly authenticatorChallenge: Uint8Array
  readonly peerChallenge: Uint8Array
  readonly ntResponse: Uint8Array
  readonly ntHashHash: Uint8Array
}

class MschapV2Peer implements EapPeerMethod {
  readonly type = EapType.MsChapV2
  readonly #options: MschapV2PeerOptions
  readonly #userName: string
  readonly #randomBytes: (length: number) => Uint8Array
  #password: string
  #changed = false
  #answered: Answered | undefined
  #keys: EapKeys | undefined

  constructor(identity: string, options: MschapV2PeerOptions) {
    this.#options = options
    this.#userName = options.userName ?? identity
    this.#randomBytes = options.randomBytes ?? randomBytes
    this.#password = options.password
  }

  respond(data: Uint8Array): PeerStep {
    const packet = parseMschapV2(data)
    if (packet === undefined) return ignore('malformed-packet')
    switch (packet.op) {
      case 'challenge':
        return this.#answer(packet.id, packet.challenge)
      case 'success':
        return this.#checkServer(packet.message)
      case 'failure':
        return this.#afterFailure(packet)
      default:
        return ignore('unexpected-packet')
    }
  }

  keys(): EapKeys | undefined {
    return this.#keys
  }

  close(): void {}

  #answer(id: number, challenge: Uint8Array): PeerStep {
    const { peerChallenge, ntResponse } = this.#prove(challenge)
    return send({ op: 'response', id, peerChallenge, ntResponse, name: this.#userName }, 'fail')
  }

  /** RFC 2759 section 4: the NT response over a challenge. */
  #prove(challenge: Uint8Array): Answered {
    const peerChallenge = this.#randomBytes(16)
    const ntHash = ntPasswordHash(this.#password)
    const hashed = withoutDomain(this.#userName)
    this.#answered = {
      authenticatorChallenge: challenge.slice(),
      peerChallenge,
      ntResponse: generateNtResponse(challenge, peerChallenge, hashed, ntHash),
      ntHashHash: hashNtPasswordHash(ntHash),
    }
    ntHash.fill(0)
    return this.#answered
  }

  #checkServer(message: string): PeerStep {
    const answered = this.#answered
    if (answered === undefined) return ignore('unexpected-packet')
    const response = { ...answered, userName: withoutDomain(this.#userName) }
    if (!checkAuthenticatorResponse(answered.ntHashHash, response, message)) {
      return { kind: 'fail', reason: { code: 'authenticator-response-invalid' } }
    }
    this.#keys = mschapV2Keys(answered.ntHashHash, answered.ntResponse)
    return send({ op: 'success', id: 0, message: '' }, 'success')
  }

  #afterFailure(packet: Extract<MschapV2Packet, { op: 'failure' }>): PeerStep {
    const failure = parseMschapFailure(packet.message)
    if (failure?.challenge?.length === 16) {
      const { newPassword } = this.#options
      if (failure.code === 648 && newPassword !== undefined && !this.#changed) {
        return this.#changePassword(packet.id, failure.challenge, newPassword)
      }
      const password = failure.code === 691 && failure.retry ? this.#options.askAgain?.(failure) : undefined
      if (password !== undefined) {
        this.#password = password
        return this.#answer(packet.id, failure.challenge)
      }
    }
    return send({ op: 'failure', id: 0, message: '' }, 'fail', refused(packet.message, failure))
  }

  /** RFC 2759 section 7: the response is made with the new password, over the challenge of the Failure packet. */
  #changePassword(id: number, challenge: Uint8Array, newPassword: string): PeerStep {
    const oldNtHash = ntPasswordHash(this.#password)
    const encrypted = encryptPasswords(newPassword, oldNtHash, this.#randomBytes)
    this.#password = newPassword
    this.#changed = true
    const { peerChallenge, ntResponse } = this.#prove(challenge)
    return send(
      { op: 'change-password', id: (id + 1) & 0xff, ...encrypted, peerChallenge, ntResponse },
      'fail',
    )
  }
}

function refused(text: string, failure: MschapFailure | undefined): EapFailure {
  if (failure === undefined) return { code: 'refused', detail: { text } }
  const { code, retry, message } = failure
  return { code: 'refused', detail: { error: code, retry, ...(message === undefined ? {} : { message }) } }
}

function send(packet: MschapV2Packet, decision: 'fail' | 'success', reason?: EapFailure): PeerStep {
  return { kind: 'send', data: encodeMschapV2(packet), decision, ...(reason === undefined ? {} : { reason }) }
}

function ignore(code: 'malformed-packet' | 'unexpected-packet'): PeerStep {
  return { kind: 'ignore', reason: { code, detail: { what: 'eap-mschapv2' } } }
}
