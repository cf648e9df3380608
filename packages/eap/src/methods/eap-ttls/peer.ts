import { toUtf8 } from '@sallyport/bytes'
import { checkAuthenticatorResponse } from '@sallyport/mschap'
import { EapType } from '../../eap-type.ts'
import { encodeRequest } from '../../packet.ts'
import { EapPeer, type EapPeerOptions } from '../../peer.ts'
import type { EapPeerMethod, EapPeerMethodFactory, PeerMethodContext, PeerStep } from '../../peer-method.ts'
import type { EapKeys, TlsFacts } from '../../result.ts'
import { PeerChannel, type PeerTlsOptions } from '../../tls/peer-channel.ts'
import { type Avp, AvpCode, encodeAvps, MICROSOFT, MicrosoftAvp, parseAvps } from './avp.ts'
import type { TtlsPasswordMethod } from './credentials.ts'
import { type MschapV2Answer, passwordAvps } from './password-avps.ts'

export interface TtlsPeerOptions extends PeerTlsOptions {
  readonly inner:
    | { readonly method: TtlsPasswordMethod; readonly user: string; readonly password: string }
    | ({ readonly method: 'eap' } & EapPeerOptions)
  readonly randomBytes?: (length: number) => Uint8Array
}

/** EAP-TTLSv0, peer side (RFC 5281). */
export function ttlsPeer(options: TtlsPeerOptions): EapPeerMethodFactory {
  return (context) => new TtlsPeer(options, context)
}

class TtlsPeer implements EapPeerMethod {
  readonly type = EapType.Ttls
  readonly #options: TtlsPeerOptions
  readonly #channel: PeerChannel
  readonly #inner: EapPeer | undefined
  /** What the server has to prove to know, after MS-CHAPv2. */
  #answered: MschapV2Answer | undefined
  #keys: EapKeys | undefined

  constructor(options: TtlsPeerOptions, context: PeerMethodContext) {
    this.#options = options
    this.#channel = new PeerChannel(options, EapType.Ttls, context.mtu)
    if (options.inner.method === 'eap') this.#inner = new EapPeer(options.inner)
  }

  async respond(data: Uint8Array): Promise<PeerStep> {
    const event = await this.#channel.receive(data)
    switch (event.kind) {
      case 'step':
        return event.step
      case 'opened':
        return await this.#opened(event.facts)
      case 'data':
        return await this.#take(event.data)
    }
  }

  keys(): EapKeys | undefined {
    return this.#keys
  }

  close(): void {
    this.#inner?.close()
    this.#channel.close()
  }

  /** RFC 5281 section 7.2: the peer speaks first in the tunnel, unless the session was resumed. */
  async #opened(facts: TlsFacts): Promise<PeerStep> {
    this.#keys = this.#channel.keys()
    if (facts.resumed) return this.#channel.acknowledge('success')
    const { inner } = this.#options
    if (inner.method === 'eap')
      return await this.#takeEap(encodeRequest(0, EapType.Identity, new Uint8Array(0)))
    const { avps, answered } = passwordAvps(inner, this.#channel.session, this.#options.randomBytes)
    this.#answered = answered
    this.#channel.trace(`inner ${inner.method} for ${JSON.stringify(inner.user)}`)
    // Of these only MS-CHAPv2 lets the server prove anything; the others end with what the tunnel has proved.
    return await this.#channel.sendData(encodeAvps(avps), answered === undefined ? 'success' : 'fail')
  }

  async #take(data: Uint8Array): Promise<PeerStep> {
    const avps = parseAvps(data)
    if (avps === undefined) return fail('malformed-packet', 'AVP')
    if (this.#answered !== undefined) return this.#checkServer(avps, this.#answered)
    const packet = find(avps, AvpCode.EapMessage, 0)
    if (this.#inner !== undefined && packet !== undefined) return await this.#takeEap(packet)
    return fail('unexpected-packet', 'AVPs without a question')
  }

  async #takeEap(packet: Uint8Array): Promise<PeerStep> {
    const answer = await this.#inner?.receive(packet)
    switch (answer?.kind) {
      case 'respond': {
        const avps = encodeAvps([{ code: AvpCode.EapMessage, vendor: 0, value: answer.packet }])
        return await this.#channel.sendData(avps, this.#inner?.success() === undefined ? 'fail' : 'success')
      }
      case 'failure':
        return { kind: 'fail', reason: answer.reason }
      case 'ignore':
        return answer
      default:
        return fail('unexpected-packet', 'EAP-Success inside the tunnel')
    }
  }

  /** RFC 5281 section 11.2.4: MS-CHAP2-Success carries the server's proof, and is acknowledged with an empty packet. */
  #checkServer(avps: readonly Avp[], answered: MschapV2Answer): PeerStep {
    const success = find(avps, MicrosoftAvp.Chap2Success, MICROSOFT)
    const error = find(avps, MicrosoftAvp.ChapError, MICROSOFT)
    if (success === undefined) {
      const text = toUtf8(error?.subarray(1) ?? new Uint8Array(0)) ?? ''
      this.#channel.trace(`the server refuses: ${text}`)
      return this.#channel.acknowledge('fail', { code: 'server-reported-failure', detail: { text } })
    }
    const message = toUtf8(success.subarray(1)) ?? ''
    if (!checkAuthenticatorResponse(answered.ntHashHash, answered, message)) {
      return { kind: 'fail', reason: { code: 'authenticator-response-invalid' } }
    }
    return this.#channel.acknowledge('success')
  }
}

function find(avps: readonly Avp[], code: number, vendor: number): Uint8Array | undefined {
  return avps.find((avp) => avp.code === code && avp.vendor === vendor)?.value
}

function fail(code: 'malformed-packet' | 'unexpected-packet', what: string): PeerStep {
  return { kind: 'fail', reason: { code, detail: { what } } }
}
