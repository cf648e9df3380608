import { concat } from '@sallyport/bytes'
import type { EapFailure } from '../failure.ts'
import type { Step } from '../method.ts'
import type { EapKeys, TlsFacts } from '../result.ts'
import type { TlsFailure, TlsServer, TlsSession } from './engine.ts'
import { deriveKeys } from './keys.ts'
import { type MessageProgress, TlsMessenger } from './messenger.ts'
import { helloRandom } from './randoms.ts'
import { tlsFailureReason } from './tls-failure.ts'

/** What a packet of the peer came to. */
export type ChannelEvent =
  /** Nothing to decide: hand this step out. */
  | { readonly kind: 'step'; readonly step: Step }
  /**
   * The handshake has just been completed. What TLS wants to send is withheld until the method sends something, so that
   * a refused peer never sees our Finished or a session ticket. `data`: what the peer has already sent through the tunnel.
   */
  | { readonly kind: 'opened'; readonly data: Uint8Array }
  /** Application data from the tunnel; none where the peer acknowledged. */
  | { readonly kind: 'data'; readonly data: Uint8Array }

const NOTHING = new Uint8Array(0)

/** `start`: no TLS from the peer yet; `handshake`: our certificate is on its way; `open`: the peer took it. */
export interface TlsStanding extends MessageProgress {
  readonly at: 'start' | 'handshake' | 'open'
}

export interface ServerChannelOptions {
  readonly server: TlsServer
  readonly type: number
  readonly version: number
  readonly mtu: number
}

/** The server's end of TLS inside EAP: fragments, handshake, tunnel. The method decides what an open tunnel means. */
export class ServerChannel {
  readonly #server: TlsServer
  readonly #type: number
  readonly #messenger: TlsMessenger
  #session: TlsSession | undefined
  #clientRandom: Uint8Array | undefined
  #serverRandom: Uint8Array | undefined
  #withheld: Uint8Array = NOTHING

  constructor(options: ServerChannelOptions) {
    this.#server = options.server
    this.#type = options.type
    this.#messenger = new TlsMessenger('server', options.version, options.mtu)
  }

  begin(): Step {
    return { kind: 'send', data: this.#messenger.start() }
  }

  async receive(data: Uint8Array): Promise<ChannelEvent> {
    const received = this.#messenger.receive(data)
    switch (received.kind) {
      case 'reply':
        return step({ kind: 'send', data: received.data })
      case 'message':
        return await this.#take(received.octets)
      case 'fail':
        return step({ kind: 'fail', reason: received.reason })
      case 'start':
        return step({ kind: 'fail', reason: { code: 'unexpected-packet' } })
    }
  }

  /** The server still has to send its last handshake messages. */
  get hasFlight(): boolean {
    return this.#withheld.length > 0
  }

  /** Sends the withheld flight, or an empty packet where there is none. */
  sendFlight(): Step {
    return { kind: 'send', data: this.#messenger.send(this.#takeFlight()) }
  }

  /** Sends application data, after the withheld flight. */
  async sendData(data: Uint8Array): Promise<Step> {
    const encrypted = await this.#encrypt(data)
    return encrypted.ok ? this.#send(encrypted.records) : { kind: 'fail', reason: encrypted.reason }
  }

  /** A failure with application data as last words. */
  async failWithData(reason: EapFailure, data: Uint8Array): Promise<Step> {
    const encrypted = await this.#encrypt(data)
    return {
      kind: 'fail',
      reason,
      ...(encrypted.ok ? { data: this.#messenger.send(encrypted.records) } : {}),
    }
  }

  /** How far the peer came. */
  get standing(): TlsStanding {
    const at = this.#session === undefined ? 'start' : this.#session.open ? 'open' : 'handshake'
    return { at, ...this.#messenger.progress }
  }

  get session(): TlsSession {
    if (this.#session === undefined) throw new TypeError('no TLS session yet')
    return this.#session
  }

  facts(): TlsFacts {
    return this.session.facts()
  }

  keys(): EapKeys {
    return deriveKeys(
      this.session,
      this.#type,
      concat(this.#clientRandom ?? NOTHING, this.#serverRandom ?? NOTHING),
    )
  }

  close(): void {
    this.#session?.close()
  }

  async #take(octets: Uint8Array): Promise<ChannelEvent> {
    if (this.#session === undefined) {
      // Not before the peer has agreed to the method: a Nak would leave a connection behind.
      this.#session = this.#server.accept()
      this.#clientRandom = helloRandom(octets)
    }
    const session = this.#session
    const wasOpen = session.open
    if (octets.length === 0) {
      if (wasOpen) return { kind: 'data', data: NOTHING }
      return step(fail('unexpected-packet', { what: 'acknowledgement during the handshake' }))
    }
    const progress = await session.feed(octets)
    this.#serverRandom ??= helloRandom(progress.records)
    if (progress.failure !== undefined) return step(this.#tlsFailed(progress.failure, progress.records))
    if (session.open && !wasOpen) {
      this.#withheld = progress.records
      return { kind: 'opened', data: progress.data }
    }
    if (session.open) {
      return progress.data.length > 0 || progress.records.length === 0
        ? { kind: 'data', data: progress.data }
        : step(this.#send(progress.records))
    }
    if (progress.records.length === 0) return step(fail('tls-handshake-failed', { error: 'no_answer' }))
    return step(this.#send(progress.records))
  }

  #tlsFailed(failure: TlsFailure, alert: Uint8Array): Step {
    const reason = tlsFailureReason(failure)
    // RFC 5216 section 2.1.3: our alert goes out first, the failure follows the peer's answer to it.
    return alert.length > 0
      ? { kind: 'fail', reason, data: this.#messenger.send(alert) }
      : { kind: 'fail', reason }
  }

  #send(records: Uint8Array): Step {
    return { kind: 'send', data: this.#messenger.send(records) }
  }

  #takeFlight(): Uint8Array {
    const flight = this.#withheld
    this.#withheld = NOTHING
    return flight
  }

  async #encrypt(data: Uint8Array): Promise<Encrypted> {
    const progress = await this.session.write(data)
    if (progress.failure !== undefined) return { ok: false, reason: tlsFailureReason(progress.failure) }
    if (progress.records.length === 0) {
      return { ok: false, reason: { code: 'tls-handshake-failed', detail: { error: 'no_answer' } } }
    }
    const flight = this.#takeFlight()
    const records = flight.length === 0 ? progress.records : concat(flight, progress.records)
    return { ok: true, records }
  }
}

type Encrypted =
  | { readonly ok: true; readonly records: Uint8Array }
  | { readonly ok: false; readonly reason: EapFailure }

function step(step: Step): ChannelEvent {
  return { kind: 'step', step }
}

function fail(code: EapFailure['code'], detail: NonNullable<EapFailure['detail']>): Step {
  return { kind: 'fail', reason: { code, detail } }
}
