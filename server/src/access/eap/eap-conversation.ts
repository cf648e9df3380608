import type {
  EapAnswer,
  EapMethodName,
  EapResult,
  EapServer,
  EapStanding,
  MaybePromise,
} from '@sallyport/eap'
import type { EapSummary } from '../../journal/index.ts'
import type { Reason } from '../../reasons/index.ts'
import type { AccessRequest } from '../access-request.ts'
import type { Conversation } from '../conversations.ts'
import type { RecognisedMac } from '../mab/recognise-mac.ts'
import type { PresentedCertificate, Served } from '../served.ts'
import type { EapScope } from './eap-methods.ts'

/** One EAP login under way. It finishes on the configuration version it began with. */
export class EapConversation implements Conversation {
  readonly state: Uint8Array
  readonly client: string
  readonly startedAt: number
  readonly served: Served
  /** Set for good at the beginning: MAC authentication bypass, and never a user's login. */
  readonly mac: RecognisedMac | undefined
  readonly #server: EapServer
  readonly #scope: EapScope
  /** The request that was answered last. */
  latest: AccessRequest
  /** No rule can accept what is known of this login, so no method was offered. */
  isHopeless = false
  /** Octets of our last answer, and how often the RADIUS client has asked for it again. */
  #sent = 0
  #repeats = 0
  /** Monotonic milliseconds at which the peer was told of a failure that it has not answered. */
  toldAt: number | undefined
  /** Whatever it answers, the login is refused. */
  isRefused = false
  /** Its receipt is written: what still comes is answered, and leaves none. */
  isRecorded = false
  /** Nobody could answer, so nothing is said until the end: a reject of the same packet would be an answer. */
  silentBecause: Reason | undefined
  #rounds = 0
  #octets = 0

  constructor(parts: {
    readonly state: Uint8Array
    readonly client: string
    readonly startedAt: number
    readonly served: Served
    readonly server: EapServer
    readonly scope: EapScope
    readonly first: AccessRequest
    readonly mac: RecognisedMac | undefined
  }) {
    this.state = parts.state
    this.client = parts.client
    this.startedAt = parts.startedAt
    this.served = parts.served
    this.#server = parts.server
    this.#scope = parts.scope
    this.latest = parts.first
    this.mac = parts.mac
  }

  /** The outer identity, once the peer has told it. */
  get identity(): string | undefined {
    return this.#server.identity
  }

  /** Where it stands, for whoever wonders why the device fell silent. */
  get standing(): EapStanding & { readonly sent: number; readonly repeats: number } {
    return { ...this.#server.standing, sent: this.#sent, repeats: this.#repeats }
  }

  /** The certificate it is shown, once it was chosen. */
  get presented(): PresentedCertificate | undefined {
    return this.served.presented.get(this.#scope.serverCertificate ?? '')
  }

  /** Our answer was sent a second time, because the RADIUS client asked for it again. */
  repeated(): void {
    this.#repeats++
  }

  /** An answer goes out: notes whether it tells the peer of a failure. A refusal stands from when it was told first. */
  answered(monotonic: () => number): void {
    if (this.isRefused) return
    const { told } = this.#server
    this.toldAt = told === undefined ? undefined : monotonic()
    this.isRefused = told?.isFinal === true
  }

  get method(): EapMethodName | undefined {
    return this.#server.method
  }

  /** Whether the peer was ever asked anything, and so knows of this conversation. */
  get hasAsked(): boolean {
    return this.#rounds > 0
  }

  /** `packet` of no octets: EAP-Start, the peer is there and has said nothing yet (RFC 3579 section 2.1). */
  receive(packet: Uint8Array, mtu: number): MaybePromise<EapAnswer> {
    this.#octets += packet.length
    this.#repeats = 0
    if (packet.length === 0) return this.#count(this.#server.start())
    const answer = this.#server.receive(packet, mtu)
    return answer instanceof Promise ? answer.then((ready) => this.#count(ready)) : this.#count(answer)
  }

  success(): Uint8Array {
    return this.#server.success()
  }

  failure(): Uint8Array {
    return this.#server.failure()
  }

  summary(now: number, result?: EapResult): EapSummary {
    return {
      method: result?.method,
      inner: result?.inner,
      rounds: this.#rounds,
      octets: this.#octets,
      milliseconds: Math.round(now - this.startedAt),
      tlsVersion: result?.tls?.version,
      cipher: result?.tls?.cipher,
      resumed: result?.tls?.resumed,
      serverCertificate: this.#scope.serverCertificate,
    }
  }

  close(): void {
    this.#server.close()
  }

  #count(answer: EapAnswer): EapAnswer {
    if (answer.kind === 'request') {
      this.#rounds++
      this.#octets += answer.packet.length
      this.#sent = answer.packet.length
    }
    return answer
  }
}
