import { fromUtf8 } from '@sallyport/bytes'
import { describeEap } from './describe.ts'
import { EapType, methodName } from './eap-type.ts'
import type { EapFailure, EapFailureCode } from './failure.ts'
import { expandedNak, legacyNak } from './nak.ts'
import { EapCode, type EapMessage, encodeResponse, parseEap } from './packet.ts'
import type { EapPeerMethod, EapPeerMethodFactory, PeerStep } from './peer-method.ts'
import type { EapKeys, EapMethodName } from './result.ts'
import { DEFAULT_MTU } from './server.ts'
import type { MaybePromise } from './verifier.ts'

export interface EapPeerOptions {
  readonly identity: string
  /** Methods by EAP type, with the credentials inside; the preferred first (a Nak asks in this order). */
  readonly methods: ReadonlyMap<number, EapPeerMethodFactory>
  /** Octets of the largest EAP packet that the link carries. Default 1020 (RFC 3748 section 3.1). */
  readonly mtu?: number
  /** Called with every packet in both directions, in plain words. */
  readonly trace?: (event: EapPeerEvent) => void
}

export interface EapPeerEvent {
  readonly direction: 'received' | 'sent'
  readonly packet: Uint8Array
  readonly text: string
}

export type EapPeerAnswer =
  | { readonly kind: 'respond'; readonly packet: Uint8Array }
  | EapPeerSuccess
  | { readonly kind: 'failure'; readonly reason: EapFailure; readonly method?: EapMethodName }
  | { readonly kind: 'ignore'; readonly reason: EapFailure }

export interface EapPeerSuccess {
  readonly kind: 'success'
  readonly method: EapMethodName
  readonly keys?: EapKeys
}

/**
 * The peer's side of one EAP conversation (RFC 3748, RFC 4137 section 4): takes what the server sends and says what to
 * answer. An EAP-Success is believed only from a method that has come to that decision itself.
 */
export class EapPeer {
  readonly #options: EapPeerOptions
  #method: EapPeerMethod | undefined
  #decision: 'fail' | 'success' = 'fail'
  /** Why the method decided against success, or why no method ran. */
  #reason: EapFailure | undefined
  #lastIdentifier: number | undefined
  #lastResponse: Uint8Array | undefined
  #busy = false
  #over = false

  constructor(options: EapPeerOptions) {
    this.#options = options
  }

  /** Takes a packet of the server. */
  receive(octets: Uint8Array): MaybePromise<EapPeerAnswer> {
    const received = octets.slice()
    this.#trace('received', received)
    const parsed = parseEap(received)
    if (!parsed.ok) return ignore('malformed-packet', { what: parsed.malformed })
    if (this.#over) return ignore('unexpected-packet', { after: 'end' })
    if (this.#busy) return ignore('unexpected-packet', { while: 'busy' })
    const { packet } = parsed
    switch (packet.code) {
      case EapCode.Request:
        return this.#takeRequest(packet)
      case EapCode.Response:
        return ignore('unexpected-packet', { code: packet.code })
      case EapCode.Success:
      case EapCode.Failure:
        return this.#takeOutcome(packet.code === EapCode.Success, packet.identifier)
    }
  }

  /** What an EAP-Success would mean now. For tunnels, which tell the result of an inner conversation by other means. */
  success(): EapPeerSuccess | undefined {
    const method = this.#method === undefined ? undefined : methodName(this.#method.type)
    if (this.#decision !== 'success' || method === undefined) return undefined
    const keys = this.#method?.keys?.()
    return { kind: 'success', method, ...(keys === undefined ? {} : { keys }) }
  }

  /** Why an EAP-Failure would be no surprise now, where the method knows. For tunnels, as `success`. */
  refusal(): EapFailure | undefined {
    return this.#reason
  }

  close(): void {
    this.#over = true
    this.#method?.close()
  }

  #takeRequest(packet: EapMessage): MaybePromise<EapPeerAnswer> {
    // RFC 3748 section 4.1: the same identifier again is a retransmission and gets the same response.
    if (packet.identifier === this.#lastIdentifier && this.#lastResponse !== undefined) {
      return this.#send(this.#lastResponse)
    }
    switch (packet.type) {
      case EapType.Identity:
        return this.#respond(packet.identifier, EapType.Identity, fromUtf8(this.#options.identity))
      case EapType.Notification:
        return this.#respond(packet.identifier, EapType.Notification, new Uint8Array(0))
      default:
        return this.#takeMethodRequest(packet)
    }
  }

  #takeMethodRequest(packet: EapMessage): MaybePromise<EapPeerAnswer> {
    if (this.#method === undefined) {
      const factory = this.#options.methods.get(packet.type)
      if (factory === undefined) return this.#nak(packet)
      this.#method = factory({ identity: this.#options.identity, mtu: this.#options.mtu ?? DEFAULT_MTU })
      this.#reason = undefined
    }
    const method = this.#method
    // RFC 3748 section 2.1: one method in a conversation, and no Nak once it has been answered.
    if (packet.type !== method.type)
      return ignore('unexpected-packet', { type: packet.type, expected: method.type })
    this.#busy = true
    const broken = (cause: unknown): PeerStep => ({ kind: 'fail', reason: { code: 'internal', cause } })
    const follow = (step: PeerStep) => this.#follow(step, method, packet.identifier)
    try {
      const step = method.respond(packet.data, packet.identifier)
      return step instanceof Promise ? step.catch(broken).then(follow) : follow(step)
    } catch (cause) {
      return follow(broken(cause))
    }
  }

  #nak(packet: EapMessage): EapPeerAnswer {
    const wanted = [...this.#options.methods.keys()]
    this.#reason = { code: 'no-common-method', detail: { proposed: packet.type, wanted: wanted.join(',') } }
    return packet.expanded === undefined
      ? this.#respond(packet.identifier, EapType.Nak, legacyNak(wanted))
      : this.#respond(packet.identifier, EapType.Expanded, expandedNak(wanted))
  }

  #follow(step: PeerStep, method: EapPeerMethod, identifier: number): EapPeerAnswer {
    this.#busy = false
    if (this.#over) return ignore('unexpected-packet', { after: 'close' })
    switch (step.kind) {
      case 'send':
        this.#decision = step.decision
        this.#reason = step.reason
        return this.#respond(identifier, method.type, step.data)
      case 'ignore':
        return step
      case 'fail':
        return this.#fail(step.reason)
    }
  }

  #takeOutcome(success: boolean, identifier: number): EapPeerAnswer {
    // RFC 3748 section 4.2: the identifier is that of the response that it answers.
    if (identifier !== this.#lastIdentifier) {
      return ignore('unexpected-packet', { identifier, expected: this.#lastIdentifier ?? 'none' })
    }
    if (!success) return this.#fail(this.#reason ?? { code: 'server-reported-failure' })
    const proved = this.success()
    // RFC 3748 section 4.2: a Success that no method has earned is discarded.
    if (proved === undefined) return ignore('unexpected-packet', { success: 'before the method succeeded' })
    this.close()
    return proved
  }

  #fail(reason: EapFailure): EapPeerAnswer {
    const method = this.#method === undefined ? undefined : methodName(this.#method.type)
    this.close()
    return { kind: 'failure', reason, ...(method === undefined ? {} : { method }) }
  }

  #respond(identifier: number, type: number, data: Uint8Array): EapPeerAnswer {
    this.#lastIdentifier = identifier
    this.#lastResponse = encodeResponse(identifier, type, data)
    return this.#send(this.#lastResponse)
  }

  #send(packet: Uint8Array): EapPeerAnswer {
    this.#trace('sent', packet)
    return { kind: 'respond', packet }
  }

  #trace(direction: EapPeerEvent['direction'], packet: Uint8Array): void {
    this.#options.trace?.({ direction, packet, text: describeEap(packet) })
  }
}

function ignore(code: EapFailureCode, detail: NonNullable<EapFailure['detail']>): EapPeerAnswer {
  return { kind: 'ignore', reason: { code, detail } }
}
