import { EapType } from '../../eap-type.ts'
import { EapCode } from '../../packet.ts'
import { EapPeer, type EapPeerOptions } from '../../peer.ts'
import type { EapPeerMethod, EapPeerMethodFactory, PeerMethodContext, PeerStep } from '../../peer-method.ts'
import type { EapKeys } from '../../result.ts'
import { PeerChannel, type PeerTlsOptions } from '../../tls/peer-channel.ts'
import {
  BindingSubType,
  checkCryptoBinding,
  compoundKeys,
  compoundSessionKey,
  encodeCryptoBinding,
} from './crypto-binding.ts'
import { extensionPacket, extensionTlvs, withHeader, withoutHeader } from './inner-packet.ts'
import { encodeTlvs, PeapResult, parseTlvs } from './tlv.ts'

export interface PeapPeerOptions extends PeerTlsOptions {
  /** Identity and methods inside the tunnel. */
  readonly inner: EapPeerOptions
  /** `required`: the server must prove that it took part in the inner method. `none`: as the oldest peers do. */
  readonly cryptoBinding?: 'required' | 'optional' | 'none'
}

/** PEAPv0, peer side ([MS-PEAP]). */
export function peapPeer(options: PeapPeerOptions): EapPeerMethodFactory {
  return (context) => new PeapPeer(options, context)
}

class PeapPeer implements EapPeerMethod {
  readonly type = EapType.Peap
  readonly #options: PeapPeerOptions
  readonly #channel: PeerChannel
  readonly #inner: EapPeer
  #resumed = false
  #keys: EapKeys | undefined

  constructor(options: PeapPeerOptions, context: PeerMethodContext) {
    this.#options = options
    this.#channel = new PeerChannel(options, EapType.Peap, context.mtu)
    this.#inner = new EapPeer(options.inner)
  }

  async respond(data: Uint8Array, identifier: number): Promise<PeerStep> {
    const event = await this.#channel.receive(data)
    switch (event.kind) {
      case 'step':
        return event.step
      case 'opened':
        this.#resumed = event.facts.resumed
        return this.#channel.acknowledge('fail')
      case 'data':
        return await this.#take(event.data, identifier)
    }
  }

  keys(): EapKeys | undefined {
    return this.#keys
  }

  close(): void {
    this.#inner.close()
    this.#channel.close()
  }

  async #take(data: Uint8Array, identifier: number): Promise<PeerStep> {
    if (data.length === 0) return unexpected('acknowledgement where an inner request was due')
    const extension = extensionTlvs(data, EapCode.Request)
    if (extension !== undefined) return await this.#takeResult(extension, identifier)
    const answer = await this.#inner.receive(withHeader(EapCode.Request, identifier, data))
    switch (answer.kind) {
      case 'respond':
        return await this.#channel.sendData(withoutHeader(answer.packet), 'fail')
      case 'failure':
        return { kind: 'fail', reason: answer.reason }
      case 'ignore':
        return answer
      case 'success':
        return unexpected('EAP-Success inside the tunnel')
    }
  }

  async #takeResult(octets: Uint8Array, identifier: number): Promise<PeerStep> {
    const tlvs = parseTlvs(octets)
    if (tlvs?.result === undefined) return unexpected('no Result TLV')
    const proved = this.#inner.success()
    // A server that says success before it has proved anything does not hold the keys of the inner method.
    if (tlvs.result !== PeapResult.Success || (proved === undefined && !this.#resumed)) {
      this.#channel.trace('the server says inside the tunnel that the login failed')
      const reply = extensionPacket(EapCode.Response, identifier, encodeTlvs(PeapResult.Failure))
      const reason = this.#inner.refusal() ?? { code: 'server-reported-failure' }
      return await this.#channel.sendData(reply, 'fail', reason)
    }
    const keys = this.#channel.keys()
    const policy = this.#options.cryptoBinding ?? 'optional'
    if (tlvs.cryptoBinding === undefined || policy === 'none') {
      if (policy === 'required') return { kind: 'fail', reason: { code: 'crypto-binding-missing' } }
      this.#keys = keys
      return await this.#sendSuccess(identifier)
    }
    const compound = compoundKeys(keys, proved?.keys?.msk, this.#resumed)
    const nonce = checkCryptoBinding(compound.cmk, tlvs.cryptoBinding, BindingSubType.Request)
    if (nonce === undefined) return { kind: 'fail', reason: { code: 'crypto-binding-invalid' } }
    this.#channel.trace('crypto-binding holds')
    this.#keys = compoundSessionKey(compound.ipmk, keys.sessionId)
    return await this.#sendSuccess(
      identifier,
      encodeCryptoBinding(compound.cmk, BindingSubType.Response, nonce),
    )
  }

  async #sendSuccess(identifier: number, cryptoBinding?: Uint8Array): Promise<PeerStep> {
    const tlvs = encodeTlvs(PeapResult.Success, cryptoBinding)
    return await this.#channel.sendData(extensionPacket(EapCode.Response, identifier, tlvs), 'success')
  }
}

function unexpected(what: string): PeerStep {
  return { kind: 'fail', reason: { code: 'unexpected-packet', detail: { what } } }
}
