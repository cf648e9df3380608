import { concat, fromUtf8, timingSafeEqual } from '@sallyport/bytes'
import { formatMschapFailure, generateAuthenticatorResponse, withoutDomain } from '@sallyport/mschap'
import { EapType } from '../../eap-type.ts'
import type { EapFailure, ToldFailure } from '../../failure.ts'
import type { EapMethod, EapMethodFactory, MethodContext, Step } from '../../method.ts'
import type { EapResult } from '../../result.ts'
import { type EapAnswer, EapServer } from '../../server.ts'
import type { TlsServer } from '../../tls/engine.ts'
import { ServerChannel, type TlsStanding } from '../../tls/server-channel.ts'
import {
  type InnerEap,
  insideOf,
  proveTunnel,
  resumeTunnel,
  type TunnelProof,
  type TunnelServerOptions,
  tunnelServer,
} from '../../tls/tunnel-server.ts'
import type { MaybePromise, MschapVerdict, Verdict, Verifier } from '../../verifier.ts'
import { AvpCode, encodeAvps, MICROSOFT, MicrosoftAvp, parseAvps } from './avp.ts'
import { challengeMaterial } from './challenge.ts'
import { type Credentials, readCredentials, type TtlsPasswordMethod } from './credentials.ts'

export interface TtlsServerOptions extends TunnelServerOptions {
  readonly verifier: Pick<Verifier, 'password' | 'chap' | 'mschapv1' | 'mschapv2' | 'resumed'>
  readonly inner: InnerEap & {
    /** The methods without EAP that this inner identity may use. */
    passwordMethods(identity: string, scope: unknown): MaybePromise<ReadonlySet<TtlsPasswordMethod>>
  }
}

/**
 * EAP-TTLSv0, server side (RFC 5281, RFC 9427 for TLS 1.3). Prepares TLS once; the factory it returns makes one method
 * for each conversation.
 */
export function ttlsServer(options: TtlsServerOptions): EapMethodFactory {
  const server = tunnelServer('eap-ttls', options)
  return (context) => new TtlsServer(options, server, context)
}

type PasswordCredentials = Exclude<Credentials, { method: 'eap' }>

/** Octets that TLS and EAP-TTLS add to an inner packet. */
const TUNNEL_OVERHEAD = 72

class TtlsServer implements EapMethod {
  readonly type = EapType.Ttls
  readonly #options: TtlsServerOptions
  readonly #server: TlsServer
  readonly #mtu: number
  readonly #scope: unknown
  readonly #channel: ServerChannel
  #inner: EapServer | undefined
  /** MS-CHAPv2 held and our own proof is out; the peer has to acknowledge it. */
  #proved: TunnelProof | undefined

  constructor(options: TtlsServerOptions, server: TlsServer, context: MethodContext) {
    this.#options = options
    this.#server = server
    this.#mtu = context.mtu
    this.#scope = context.scope
    this.#channel = new ServerChannel({ server, type: EapType.Ttls, version: 0, mtu: context.mtu })
  }

  begin(): Step {
    return this.#channel.begin()
  }

  async respond(data: Uint8Array): Promise<Step> {
    const event = await this.#channel.receive(data)
    switch (event.kind) {
      case 'step':
        return event.step
      case 'opened':
        return await this.#opened(event.data)
      case 'data':
        return await this.#take(event.data)
    }
  }

  get told(): ToldFailure | undefined {
    return this.#inner?.told
  }

  get tls(): TlsStanding {
    return this.#channel.standing
  }

  close(): void {
    this.#inner?.close()
    this.#channel.close()
  }

  async #opened(data: Uint8Array): Promise<Step> {
    const facts = this.#channel.facts()
    if (!facts.resumed) {
      // The peer speaks first in this tunnel; in TLS 1.3 it may do so together with its Finished.
      return data.length === 0 ? this.#channel.sendFlight() : await this.#take(data)
    }
    const resumed = await resumeTunnel(this.#options, this.#server, this.#channel.session, facts, this.#scope)
    switch (resumed.kind) {
      case 'resumed':
        return this.#done(resumed.proof)
      case 'refused':
        return { kind: 'fail', reason: resumed.reason }
      case 'unavailable':
        return resumed
    }
  }

  async #take(data: Uint8Array): Promise<Step> {
    if (this.#proved !== undefined) {
      return data.length === 0
        ? this.#done(this.#proved)
        : unexpected('data where an acknowledgement was due')
    }
    const avps = parseAvps(data)
    if (avps === undefined) return fail({ code: 'malformed-packet', detail: { what: 'AVP' } })
    const credentials = readCredentials(avps)
    if ('wrong' in credentials) return unexpected(credentials.wrong)
    if (credentials.method === 'eap') return await this.#takeEap(credentials.packet)
    if (this.#inner !== undefined) return unexpected(`${credentials.method} after EAP`)
    const allowed = await this.#options.inner.passwordMethods(credentials.user, this.#scope)
    if (!allowed.has(credentials.method)) {
      const detail = { method: 'eap-ttls', inner: credentials.method, allowed: [...allowed].join(', ') }
      return fail({ code: 'inner-method-forbidden', detail })
    }
    return await this.#verify(credentials)
  }

  async #takeEap(packet: Uint8Array): Promise<Step> {
    const { methods } = this.#options.inner
    this.#inner ??= new EapServer({
      methods,
      offer: (identity) => this.#options.inner.offer(identity, this.#scope),
      scope: this.#scope,
    })
    return await this.#follow(await this.#inner.receive(packet, this.#mtu - TUNNEL_OVERHEAD))
  }

  async #follow(answer: EapAnswer): Promise<Step> {
    switch (answer.kind) {
      case 'request':
        return await this.#channel.sendData(
          encodeAvps([{ code: AvpCode.EapMessage, vendor: 0, value: answer.packet }]),
        )
      case 'done': {
        const { identity, method, proof, tls, release } = answer.result
        return this.#done(this.#prove(identity, method, proof, tls?.peerChain, release))
      }
      case 'failure':
        return fail(insideOf('eap-ttls', answer.reason))
      case 'unavailable':
      case 'ignore':
        return answer
    }
  }

  async #verify(credentials: PasswordCredentials): Promise<Step> {
    const { verifier } = this.#options
    const { user } = credentials
    if (credentials.method === 'pap') {
      return this.#conclude(credentials, await verifier.password(user, credentials.password, this.#scope))
    }
    const { challenge, response } = credentials
    // RFC 5281 section 11.1: the challenge comes out of the tunnel, so that an answer cannot be carried in from elsewhere.
    const material = challengeMaterial(this.#channel.session, challenge.length + 1)
    if (!timingSafeEqual(concat(challenge, response.subarray(0, 1)), material)) {
      return unexpected(`${credentials.method} challenge that is not the tunnel's`)
    }
    switch (credentials.method) {
      case 'chap': {
        const proof = { id: response[0] as number, challenge, response: response.subarray(1) }
        return this.#conclude(credentials, await verifier.chap(user, proof, this.#scope))
      }
      case 'mschap': {
        const proof = { challenge, ntResponse: response.subarray(26) }
        return this.#conclude(credentials, await verifier.mschapv1(user, proof, this.#scope))
      }
      case 'mschapv2':
        return await this.#verifyMschapV2(user, challenge, response)
    }
  }

  /** RFC 5281 section 11.2.4: our proof goes to the peer, which acknowledges it with an empty packet. */
  async #verifyMschapV2(user: string, challenge: Uint8Array, response: Uint8Array): Promise<Step> {
    const proof = {
      authenticatorChallenge: challenge,
      peerChallenge: response.subarray(2, 18),
      ntResponse: response.subarray(26),
      userName: user,
    }
    const ident = response.subarray(0, 1)
    const verdict: MschapVerdict = await this.#options.verifier.mschapv2(user, proof, this.#scope)
    if (verdict.ok === 'unavailable') return { kind: 'unavailable' }
    if (!verdict.ok) {
      const { code, message } = verdict.error
      // One try in a conversation: RFC 5281 knows no second one.
      const text = formatMschapFailure({ code, retry: false, challenge, version: 3, message })
      return await this.#channel.failWithData(verdict.failure, microsoft(MicrosoftAvp.ChapError, ident, text))
    }
    const text =
      'answered' in verdict
        ? verdict.answered.authenticatorResponse
        : generateAuthenticatorResponse(verdict.ntHashHash, {
            ...proof,
            userName: verdict.userName ?? withoutDomain(user),
          })
    this.#proved = this.#prove(user, 'mschapv2', verdict.proof)
    return await this.#channel.sendData(microsoft(MicrosoftAvp.Chap2Success, ident, text))
  }

  #conclude(credentials: PasswordCredentials, verdict: Verdict | MschapVerdict): Step {
    if (verdict.ok === 'unavailable') return { kind: 'unavailable' }
    if (!verdict.ok) return fail(verdict.failure)
    return this.#done(this.#prove(credentials.user, credentials.method, verdict.proof))
  }

  #prove(
    identity: string,
    inner: TunnelProof['inner'],
    proof: unknown,
    peerChain: readonly Uint8Array[] = [],
    release?: EapResult['release'],
  ): TunnelProof {
    const tls = { ...this.#channel.facts(), peerChain }
    return proveTunnel(this.#options, this.#server, this.#channel.session, {
      identity,
      inner,
      proof,
      tls,
      ...(release === undefined ? {} : { release }),
    })
  }

  #done(proof: TunnelProof): Step {
    return { kind: 'done', result: { method: 'eap-ttls', ...proof, keys: this.#channel.keys() } }
  }
}

function microsoft(code: number, ident: Uint8Array, text: string): Uint8Array {
  return encodeAvps([{ code, vendor: MICROSOFT, value: concat(ident, fromUtf8(text)) }])
}

function unexpected(what: string): Step {
  return fail({ code: 'unexpected-packet', detail: { what } })
}

function fail(reason: EapFailure): Step {
  return { kind: 'fail', reason }
}
