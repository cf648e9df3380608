import { randomBytes } from 'node:crypto'
import { formatMschapFailure, generateAuthenticatorResponse, withoutDomain } from '@sallyport/mschap'
import { EapType } from '../../eap-type.ts'
import type { EapFailure, ToldFailure } from '../../failure.ts'
import { whenReady } from '../../maybe-promise.ts'
import type { EapMethod, EapMethodFactory, MethodContext, Step } from '../../method.ts'
import type { EapKeys, EapResult } from '../../result.ts'
import type { MaybePromise, MschapError, MschapV2Proof, MschapVerdict, Verifier } from '../../verifier.ts'
import { mschapV2Keys, mskOfKeys } from './keys.ts'
import { encodeMschapV2, type MschapV2Packet, parseMschapV2 } from './packet.ts'

export interface MschapV2ServerOptions {
  readonly verifier: Pick<Verifier, 'mschapv2' | 'changePassword'>
  /** Name of this server in the challenge. Default `sallyport`. */
  readonly serverName?: string
  readonly randomBytes?: (length: number) => Uint8Array
}

/** EAP-MSCHAPv2, server side (draft-kamath-pppext-eap-mschapv2, RFC 2759). */
export function mschapV2Server(options: MschapV2ServerOptions): EapMethodFactory {
  return (context) => new MschapV2Server(options, context)
}

/** Which packet of the peer comes next. */
type Awaiting =
  | { readonly packet: 'response' }
  /** A Failure that is not the last word is out: the peer answers over the new challenge, or acknowledges. */
  | { readonly packet: 'retry' | 'change-password'; readonly after: EapFailure }
  | { readonly packet: 'success'; readonly result: EapResult }

/** Answers after the first one in a conversation, whatever the verifier would allow. */
const MAX_RETRIES = 3

class MschapV2Server implements EapMethod {
  readonly type = EapType.MsChapV2
  readonly #options: MschapV2ServerOptions
  readonly #context: MethodContext
  readonly #randomBytes: (length: number) => Uint8Array
  #challenge: Uint8Array
  /** The name of the latest response: a Change-Password packet carries none. */
  #userName = ''
  #awaiting: Awaiting = { packet: 'response' }
  #retries = 0
  /** Derived, but not handed over yet. */
  #keys: EapKeys | undefined

  constructor(options: MschapV2ServerOptions, context: MethodContext) {
    this.#options = options
    this.#context = context
    this.#randomBytes = options.randomBytes ?? randomBytes
    this.#challenge = this.#randomBytes(16)
  }

  begin(): Step {
    return send({
      op: 'challenge',
      id: this.#context.identifier(),
      challenge: this.#challenge,
      name: this.#options.serverName ?? 'sallyport',
    })
  }

  respond(data: Uint8Array): MaybePromise<Step> {
    const packet = parseMschapV2(data)
    if (packet === undefined) {
      return { kind: 'ignore', reason: { code: 'malformed-packet', detail: { what: 'eap-mschapv2' } } }
    }
    const awaiting = this.#awaiting
    switch (awaiting.packet) {
      case 'response':
        if (packet.op === 'response') return this.#verify(packet)
        break
      case 'retry':
        if (packet.op === 'response') return this.#verify(packet)
        if (packet.op === 'failure') return { kind: 'fail', reason: awaiting.after }
        break
      case 'change-password':
        if (packet.op === 'change-password') return this.#changePassword(packet)
        if (packet.op === 'failure') return { kind: 'fail', reason: awaiting.after }
        break
      case 'success':
        if (packet.op === 'success') return this.#finish(awaiting.result)
        // The peer does not believe our authenticator response.
        if (packet.op === 'failure') return { kind: 'fail', reason: { code: 'peer-reported-failure' } }
        break
    }
    return {
      kind: 'ignore',
      reason: { code: 'unexpected-packet', detail: { op: packet.op, expected: awaiting.packet } },
    }
  }

  get told(): ToldFailure | undefined {
    return 'after' in this.#awaiting ? { failure: this.#awaiting.after, isFinal: false } : undefined
  }

  close(): void {
    this.#keys?.msk.fill(0)
  }

  #verify(packet: Extract<MschapV2Packet, { op: 'response' }>): MaybePromise<Step> {
    this.#userName = packet.name
    const { identity, scope } = this.#context
    if (!sameUser(identity, packet.name)) {
      const detail = { identity, name: packet.name }
      return this.#refuse({ code: 'identity-mismatch', detail }, NOT_YOU, packet.id)
    }
    const proof = this.#proof(packet)
    return whenReady(this.#options.verifier.mschapv2(identity, proof, scope), (verdict) =>
      this.#conclude(verdict, proof, packet.id),
    )
  }

  #changePassword(packet: Extract<MschapV2Packet, { op: 'change-password' }>): MaybePromise<Step> {
    const { encryptedPassword, encryptedHash } = packet
    const proof = this.#proof(packet)
    const change = { ...proof, encryptedPassword, encryptedHash }
    const { identity, scope } = this.#context
    return whenReady(this.#options.verifier.changePassword(identity, change, scope), (verdict) =>
      this.#conclude(verdict, proof, packet.id),
    )
  }

  #proof(packet: { readonly peerChallenge: Uint8Array; readonly ntResponse: Uint8Array }): MschapV2Proof {
    return {
      authenticatorChallenge: this.#challenge,
      peerChallenge: packet.peerChallenge,
      ntResponse: packet.ntResponse,
      userName: this.#userName,
    }
  }

  #conclude(verdict: MschapVerdict, proof: MschapV2Proof, id: number): Step {
    if (verdict.ok === 'unavailable') return { kind: 'unavailable' }
    if (!verdict.ok) return this.#refuse(verdict.failure, verdict.error, id)
    const { keys, authenticatorResponse } = answerTo(verdict, proof)
    this.#keys = keys
    const { identity } = this.#context
    const result: EapResult = { method: 'eap-mschapv2', identity, proof: verdict.proof, keys }
    this.#awaiting = { packet: 'success', result }
    return send({ op: 'success', id, message: `${authenticatorResponse} M=OK` })
  }

  #finish(result: EapResult): Step {
    this.#keys = undefined // they belong to whoever asked now
    return { kind: 'done', result }
  }

  /** RFC 2759 section 6: says why, with a new challenge; then either another try or the end. */
  #refuse(reason: EapFailure, error: MschapError, id: number): Step {
    // Section 7 lets the peer change an expired password whatever R says, and servers in the field say R=0.
    const expired = error.code === PASSWORD_EXPIRED
    const mayChange = expired || this.#awaiting.packet === 'change-password'
    const again = (error.retry || expired) && this.#retries++ < MAX_RETRIES
    this.#challenge = this.#randomBytes(16)
    const message = formatMschapFailure({
      code: error.code,
      retry: again && error.retry,
      challenge: this.#challenge,
      version: 3,
      message: error.message,
    })
    const failure: MschapV2Packet = { op: 'failure', id, message }
    if (!again) return { kind: 'fail', reason, data: encodeMschapV2(failure) }
    this.#awaiting = { packet: mayChange ? 'change-password' : 'retry', after: reason }
    return send(failure)
  }
}

/** Computed from the hash, or what the server that checked the response said. */
function answerTo(verdict: Extract<MschapVerdict, { ok: true }>, proof: MschapV2Proof) {
  if ('answered' in verdict) {
    const { authenticatorResponse, keys } = verdict.answered
    return { authenticatorResponse, keys: mskOfKeys(keys) }
  }
  const userName = verdict.userName ?? withoutDomain(proof.userName)
  return {
    authenticatorResponse: generateAuthenticatorResponse(verdict.ntHashHash, { ...proof, userName }),
    keys: mschapV2Keys(verdict.ntHashHash, proof.ntResponse),
  }
}

const PASSWORD_EXPIRED = 648
const NOT_YOU: MschapError = { code: 691, retry: false, message: 'Authentication failed' }

function send(packet: MschapV2Packet): Step {
  return { kind: 'send', data: encodeMschapV2(packet) }
}

/**
 * Whether the name in a response is the identity that EAP told. Supplicants differ in what they prepend and append
 * (`DOMAIN\user`, `user@realm`, `user`), so the user part alone is compared. The proof is checked against the account of the
 * identity in any case: this only keeps a mistaken set-up from looking like a wrong password.
 */
function sameUser(identity: string, name: string): boolean {
  return userPart(identity) === userPart(name)
}

function userPart(name: string): string {
  const bare = withoutDomain(name)
  const at = bare.lastIndexOf('@')
  return (at < 0 ? bare : bare.slice(0, at)).toLowerCase()
}
