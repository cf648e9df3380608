import { concat } from '@sallyport/bytes'
import type { EapFailure } from '../failure.ts'
import type { PeerDecision, PeerStep } from '../peer-method.ts'
import type { EapKeys, TlsFacts } from '../result.ts'
import { certificateAlert } from './alert.ts'
import type { TlsCertificate, TlsEngine, TlsSession, TlsVersion } from './engine.ts'
import { deriveKeys } from './keys.ts'
import { TlsMessenger } from './messenger.ts'
import { helloRandom } from './randoms.ts'
import { tlsFailureReason } from './tls-failure.ts'

/** How a peer does TLS. Without authorities there is no trust: there is no way to leave the check of the server out. */
export interface PeerTlsOptions {
  readonly engine: TlsEngine
  /** PEM of the CAs the server's certificate must descend from. */
  readonly authorities: readonly string[]
  /** A DNS name the server's certificate must carry; `false` takes any certificate of the authorities. */
  readonly serverName: string | false
  readonly certificate?: TlsCertificate
  /** A session of an earlier login, as `onSession` gave it. */
  readonly session?: Uint8Array
  readonly onSession?: (session: Uint8Array) => void
  readonly minVersion?: TlsVersion
  readonly maxVersion?: TlsVersion
  /** Told what happens inside, in plain words. */
  readonly trace?: (text: string) => void
}

/** What a packet of the server came to. */
export type PeerChannelEvent =
  | { readonly kind: 'step'; readonly step: PeerStep }
  /** The server is who it should be and the tunnel is open; what TLS wants to send waits for the method's answer. */
  | { readonly kind: 'opened'; readonly facts: TlsFacts }
  | { readonly kind: 'data'; readonly data: Uint8Array }

const NOTHING = new Uint8Array(0)

/** The peer's end of TLS inside EAP. */
export class PeerChannel {
  readonly #options: PeerTlsOptions
  readonly #type: number
  readonly #messenger: TlsMessenger
  #session: TlsSession | undefined
  #clientRandom: Uint8Array | undefined
  #serverRandom: Uint8Array | undefined
  #withheld: Uint8Array = NOTHING

  constructor(options: PeerTlsOptions, type: number, mtu: number) {
    this.#options = options
    this.#type = type
    this.#messenger = new TlsMessenger('peer', 0, mtu)
  }

  async receive(data: Uint8Array): Promise<PeerChannelEvent> {
    const received = this.#messenger.receive(data)
    switch (received.kind) {
      case 'start':
        return step(await this.#start())
      case 'reply':
        return step({ kind: 'send', data: received.data, decision: 'fail' })
      case 'message':
        return await this.#take(received.octets)
      case 'fail':
        return step(received)
    }
  }

  get session(): TlsSession {
    if (this.#session === undefined) throw new TypeError('no TLS session yet')
    return this.#session
  }

  keys(): EapKeys {
    const randoms = concat(this.#clientRandom ?? NOTHING, this.#serverRandom ?? NOTHING)
    return deriveKeys(this.session, this.#type, randoms)
  }

  /** Sends what TLS still has to send, or an acknowledgement. */
  acknowledge(decision: PeerDecision, reason?: EapFailure): PeerStep {
    if (decision === 'success') this.#keepSession()
    const why = reason === undefined ? {} : { reason }
    return { kind: 'send', data: this.#messenger.send(this.#takeFlight()), decision, ...why }
  }

  async sendData(data: Uint8Array, decision: PeerDecision, reason?: EapFailure): Promise<PeerStep> {
    const progress = await this.session.write(data)
    if (progress.failure !== undefined) return { kind: 'fail', reason: tlsFailureReason(progress.failure) }
    if (decision === 'success') this.#keepSession()
    const records = concat(this.#takeFlight(), progress.records)
    const why = reason === undefined ? {} : { reason }
    return { kind: 'send', data: this.#messenger.send(records), decision, ...why }
  }

  trace(text: string): void {
    this.#options.trace?.(text)
  }

  close(): void {
    this.#session?.close()
  }

  async #start(): Promise<PeerStep> {
    if (this.#session !== undefined) return { kind: 'ignore', reason: { code: 'unexpected-packet' } }
    this.#session = this.#options.engine.client(this.#options)
    const { records } = await this.#session.feed(NOTHING)
    this.#clientRandom = helloRandom(records)
    return { kind: 'send', data: this.#messenger.send(records), decision: 'fail' }
  }

  async #take(octets: Uint8Array): Promise<PeerChannelEvent> {
    const session = this.#session
    if (session === undefined) {
      return step({ kind: 'fail', reason: { code: 'unexpected-packet', detail: { before: 'start' } } })
    }
    const wasOpen = session.open
    this.#serverRandom ??= helloRandom(octets)
    if (octets.length === 0) return { kind: 'data', data: octets }
    const progress = await session.feed(octets)
    if (progress.failure !== undefined) {
      const reason = tlsFailureReason(progress.failure)
      this.trace(`TLS failed: ${progress.failure.alertReceived ?? progress.failure.error}`)
      // RFC 5216 section 2.1.3: the server's alert is acknowledged; ours tells the server why. Node judges certificates
      // after the handshake and sends none, and the server would wait for us.
      const { alertReceived, error } = progress.failure
      const isSilent = alertReceived === undefined && progress.records.length === 0
      const records = isSilent ? certificateAlert(error) : progress.records
      return step({ kind: 'send', data: this.#messenger.send(records), decision: 'fail', reason })
    }
    if (session.open && !wasOpen) {
      this.#withheld = progress.records
      const facts = session.facts()
      this.trace(`TLS is open: ${facts.version}, ${facts.cipher}${facts.resumed ? ', resumed' : ''}`)
      return { kind: 'opened', facts }
    }
    if (progress.records.length > 0) {
      return step({ kind: 'send', data: this.#messenger.send(progress.records), decision: 'fail' })
    }
    return { kind: 'data', data: progress.data }
  }

  #takeFlight(): Uint8Array {
    const flight = this.#withheld
    this.#withheld = NOTHING
    return flight
  }

  #keepSession(): void {
    const session = this.#session?.resumable()?.session
    if (session !== undefined) this.#options.onSession?.(session)
  }
}

function step(step: PeerStep): PeerChannelEvent {
  return { kind: 'step', step }
}
