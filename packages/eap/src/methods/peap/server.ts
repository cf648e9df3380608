import { randomBytes } from 'node:crypto'
import { EapType } from '../../eap-type.ts'
import type { EapFailure, ToldFailure } from '../../failure.ts'
import type { EapMethod, EapMethodFactory, MethodContext, Step } from '../../method.ts'
import { EapCode } from '../../packet.ts'
import type { EapKeys, EapResult, TlsFacts } from '../../result.ts'
import { type EapAnswer, EapServer } from '../../server.ts'
import type { TlsServer } from '../../tls/engine.ts'
import { ServerChannel, type TlsStanding } from '../../tls/server-channel.ts'
import {
  insideOf,
  proveTunnel,
  resumeTunnel,
  type TunnelProof,
  type TunnelServerOptions,
  tunnelServer,
} from '../../tls/tunnel-server.ts'
import {
  BindingSubType,
  type CompoundKeys,
  checkCryptoBinding,
  compoundKeys,
  compoundSessionKey,
  encodeCryptoBinding,
} from './crypto-binding.ts'
import { extensionPacket, extensionTlvs, withHeader, withoutHeader } from './inner-packet.ts'
import { encodeTlvs, PeapResult, parseTlvs } from './tlv.ts'

export interface PeapServerOptions extends TunnelServerOptions {
  /**
   * Our binding is always sent, and a peer's binding must always hold. `required`: the peer must send one, so that an
   * inner conversation led astray from another network cannot be played into our tunnel.
   */
  readonly cryptoBinding: 'optional' | 'required'
  readonly randomBytes?: (length: number) => Uint8Array
}

/**
 * PEAPv0, server side ([MS-PEAP], draft-kamath-pppext-peapv0, RFC 9427 for TLS 1.3). Prepares TLS once; the factory it
 * returns makes one method for each conversation.
 */
export function peapServer(options: PeapServerOptions): EapMethodFactory {
  const server = tunnelServer('peap', options)
  return (context) => new PeapServer(options, server, context)
}

type Phase =
  | { readonly at: 'handshake' }
  /** Our Finished is out, the peer has to acknowledge it. */
  | { readonly at: 'acknowledgement' }
  /** The inner conversation; `identifier`: of its outstanding request. */
  | { readonly at: 'inner'; readonly inner: EapServer; readonly identifier: number }
  /** Our Result TLV says success; so must the peer's. */
  | {
      readonly at: 'result'
      readonly proof: TunnelProof
      readonly compound: CompoundKeys
      readonly keys: EapKeys
      /** A Cryptobinding TLV stood beside it. */
      readonly bound: boolean
    }

type ResultPhase = Extract<Phase, { at: 'result' }>

/** Octets that TLS and PEAP add to an inner packet. */
const TUNNEL_OVERHEAD = 64

class PeapServer implements EapMethod {
  readonly type = EapType.Peap
  readonly #options: PeapServerOptions
  readonly #server: TlsServer
  readonly #context: MethodContext
  readonly #channel: ServerChannel
  #inner: EapServer | undefined
  #phase: Phase = { at: 'handshake' }

  constructor(options: PeapServerOptions, server: TlsServer, context: MethodContext) {
    this.#options = options
    this.#server = server
    this.#context = context
    this.#channel = new ServerChannel({ server, type: EapType.Peap, version: 0, mtu: context.mtu })
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
        return await this.#opened()
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

  async #opened(): Promise<Step> {
    const facts = this.#channel.facts()
    if (facts.resumed) return await this.#resume(facts)
    // TLS 1.3 is complete with the peer's Finished; in TLS 1.2 the peer has to see ours first.
    if (facts.version === 'TLSv1.3') return await this.#startInner()
    this.#phase = { at: 'acknowledgement' }
    return this.#channel.sendFlight()
  }

  async #take(data: Uint8Array): Promise<Step> {
    const phase = this.#phase
    switch (phase.at) {
      case 'acknowledgement':
        return data.length === 0
          ? await this.#startInner()
          : unexpected('data before the inner identity request')
      case 'inner':
        if (data.length === 0) return unexpected('acknowledgement where an inner response was due')
        return await this.#takeInner(phase.inner, withHeader(EapCode.Response, phase.identifier, data))
      case 'result':
        return await this.#takeResult(data, phase)
      case 'handshake':
        return unexpected('data during the handshake')
    }
  }

  async #startInner(): Promise<Step> {
    const { inner: eap } = this.#options
    const inner = new EapServer({
      methods: eap.methods,
      offer: (identity) => eap.offer(identity, this.#context.scope),
      scope: this.#context.scope,
      // Without a header of its own an inner packet has the outer identifier: the first inner request follows suit.
      randomBytes: () => Uint8Array.of((this.#context.identifier() - 1) & 0xff),
    })
    this.#inner = inner
    return await this.#follow(inner, inner.start())
  }

  async #takeInner(inner: EapServer, packet: Uint8Array): Promise<Step> {
    return await this.#follow(inner, await inner.receive(packet, this.#context.mtu - TUNNEL_OVERHEAD))
  }

  async #follow(inner: EapServer, answer: EapAnswer): Promise<Step> {
    switch (answer.kind) {
      case 'request':
        this.#phase = { at: 'inner', inner, identifier: answer.packet[1] as number }
        return await this.#channel.sendData(withoutHeader(answer.packet))
      case 'done':
        return await this.#succeed(answer.result)
      case 'failure':
        return await this.#refuse(insideOf('peap', answer.reason))
      case 'unavailable':
      case 'ignore':
        return answer
    }
  }

  async #succeed(result: EapResult): Promise<Step> {
    const facts = this.#channel.facts()
    const proof = proveTunnel(this.#options, this.#server, this.#channel.session, {
      identity: result.identity,
      inner: result.method,
      proof: result.proof,
      // The certificate inside is the one that was proved; the tunnel asked for none.
      tls: { ...facts, peerChain: result.tls?.peerChain ?? [] },
      ...(result.release === undefined ? {} : { release: result.release }),
    })
    return await this.#offerResult(proof, result.keys?.msk, false)
  }

  async #resume(facts: TlsFacts): Promise<Step> {
    const resumed = await resumeTunnel(
      this.#options,
      this.#server,
      this.#channel.session,
      facts,
      this.#context.scope,
    )
    switch (resumed.kind) {
      case 'resumed':
        return await this.#offerResult(resumed.proof, undefined, true)
      case 'refused':
        return await this.#refuse(resumed.reason)
      case 'unavailable':
        return resumed
    }
  }

  /** [MS-PEAP] section 3.1.5.6: both sides say inside the tunnel that they hold the authentication for successful. */
  async #offerResult(proof: TunnelProof, innerMsk: Uint8Array | undefined, resumed: boolean): Promise<Step> {
    const keys = this.#channel.keys()
    const compound = compoundKeys(keys, innerMsk, resumed)
    this.#phase = { at: 'result', proof, compound, keys, bound: true }
    const nonce = (this.#options.randomBytes ?? randomBytes)(32)
    const binding = encodeCryptoBinding(compound.cmk, BindingSubType.Request, nonce)
    return await this.#channel.sendData(this.#extension(encodeTlvs(PeapResult.Success, binding)))
  }

  /**
   * strongSwan knows the Result TLV alone, and takes the packet of both for an inner request. Where crypto-binding may be
   * left out it is asked once more without: no less is proved than by a peer that leaves out its own.
   */
  async #offerResultAlone(phase: ResultPhase): Promise<Step> {
    this.#phase = { ...phase, bound: false }
    return await this.#channel.sendData(this.#extension(encodeTlvs(PeapResult.Success)))
  }

  async #takeResult(data: Uint8Array, phase: ResultPhase): Promise<Step> {
    const { proof, compound, keys, bound } = phase
    const octets = extensionTlvs(data, EapCode.Response)
    if (octets === undefined && data.length > 0 && bound && this.#options.cryptoBinding !== 'required')
      return await this.#offerResultAlone(phase)
    const tlvs = octets === undefined ? undefined : parseTlvs(octets)
    if (tlvs?.result === undefined) return unexpected('no Result TLV')
    if (tlvs.result !== PeapResult.Success) return { kind: 'fail', reason: { code: 'peer-reported-failure' } }
    if (tlvs.cryptoBinding === undefined) {
      return this.#options.cryptoBinding === 'required'
        ? { kind: 'fail', reason: { code: 'crypto-binding-missing' } }
        : done(proof, keys)
    }
    if (checkCryptoBinding(compound.cmk, tlvs.cryptoBinding, BindingSubType.Response) === undefined) {
      return { kind: 'fail', reason: { code: 'crypto-binding-invalid' } }
    }
    return done(proof, compoundSessionKey(compound.ipmk, keys.sessionId))
  }

  async #refuse(reason: EapFailure): Promise<Step> {
    return await this.#channel.failWithData(reason, this.#extension(encodeTlvs(PeapResult.Failure)))
  }

  #extension(tlvs: Uint8Array): Uint8Array {
    return extensionPacket(EapCode.Request, this.#context.identifier(), tlvs)
  }
}

function done(proof: TunnelProof, keys: EapKeys): Step {
  return { kind: 'done', result: { method: 'peap', ...proof, keys } }
}

function unexpected(what: string): Step {
  return { kind: 'fail', reason: { code: 'unexpected-packet', detail: { what } } }
}
