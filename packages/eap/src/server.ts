import { randomBytes } from 'node:crypto'
import { fromUtf8, toUtf8 } from '@sallyport/bytes'
import { EapType, methodName } from './eap-type.ts'
import { EapError } from './error.ts'
import type { EapFailure, EapFailureCode, ToldFailure } from './failure.ts'
import { whenReady } from './maybe-promise.ts'
import type { EapMethod, EapMethodFactory, Step } from './method.ts'
import { nakTypes } from './nak.ts'
import { EapCode, type EapMessage, encodeFailure, encodeRequest, encodeSuccess, parseEap } from './packet.ts'
import type { EapMethodName, EapResult } from './result.ts'
import type { TlsStanding } from './tls/server-channel.ts'
import type { MaybePromise } from './verifier.ts'

export interface EapServerOptions {
  /** Methods by EAP type that can be run at all. */
  readonly methods: ReadonlyMap<number, EapMethodFactory>
  /** EAP types offered to this identity, the preferred first; empty: the conversation fails 'no-common-method'. */
  offer(identity: string): MaybePromise<readonly number[]>
  /** Responses accepted before the conversation fails 'too-many-rounds'. Default 100. */
  readonly maxRounds?: number
  readonly randomBytes?: (length: number) => Uint8Array
  /** Anything the owner wants to find again in offers inside a tunnel: what is known of who asks. */
  readonly scope?: unknown
}

export type EapAnswer =
  | { readonly kind: 'request'; readonly packet: Uint8Array }
  /** The method finished with proof; the caller decides between success() and failure(). */
  | { readonly kind: 'done'; readonly result: EapResult }
  /** The caller sends failure(). */
  | {
      readonly kind: 'failure'
      readonly reason: EapFailure
      readonly identity?: string
      readonly method?: EapMethodName
    }
  /** Nobody could verify: say nothing. The conversation is over. */
  /** `cause`: what the verifier said of it. */
  | { readonly kind: 'unavailable'; readonly cause?: unknown }
  /** Silently discard what came; the conversation goes on. */
  | { readonly kind: 'ignore'; readonly reason: EapFailure }

type Failed = Extract<EapAnswer, { kind: 'failure' }>

/** Where the conversation stands (RFC 4137 section 5, without the states that end in the same call). */
type Phase =
  | { readonly at: 'start' }
  | { readonly at: 'identity' }
  /** A method was proposed; until it has `begun` with a response of its own type, the peer may Nak it. */
  | { readonly at: 'method'; readonly method: EapMethod; readonly begun: boolean }
  /** The last request of a failed conversation is out; whatever the peer responds, `answer` follows. */
  | { readonly at: 'last-words'; readonly answer: Failed }
  | { readonly at: 'over'; readonly outcome: 'done' | 'unavailable' | Failed }

/** `proposed`: a method was, and the peer has not begun it; `end`: only the last words are out. */
export interface EapStanding {
  readonly at: 'identity' | 'proposed' | 'method' | 'end'
  readonly method?: EapMethodName | undefined
  readonly tls?: TlsStanding
  readonly told?: ToldFailure
}

const DEFAULT_MAX_ROUNDS = 100
/** RFC 7542 section 2.3: a network access identifier fits into a RADIUS attribute. */
const MOST_IDENTITY_OCTETS = 253
/** RFC 3748 section 3.1: what every link can carry. */
export const DEFAULT_MTU = 1020

/**
 * The authenticator's side of one EAP conversation (RFC 3748, RFC 4137 section 5), for the wire and for the inside of a
 * tunnel alike. It takes one packet at a time and gives one answer; it has no timers, because RADIUS clients retransmit.
 */
export class EapServer {
  readonly #options: EapServerOptions
  readonly #maxRounds: number
  #phase: Phase = { at: 'start' }
  #identity: string | undefined
  /** Runnable types of the offer that were not proposed yet, in the order of the offer. */
  #offers: readonly number[] = []
  #offered: readonly number[] = []
  /** Identifier of the outstanding request, and so of the response that may come. */
  #identifier: number
  #lastRequest: Uint8Array | undefined
  #lastResponse: Uint8Array | undefined
  #rounds = 0
  #mtu = DEFAULT_MTU
  #busy = false
  #closed = false

  constructor(options: EapServerOptions) {
    this.#options = options
    this.#maxRounds = options.maxRounds ?? DEFAULT_MAX_ROUNDS
    this.#identifier = (options.randomBytes ?? randomBytes)(1)[0] as number
  }

  /** What the peer called itself in its Identity response. */
  get identity(): string | undefined {
    return this.#identity
  }

  /** The method that is being run, or was when the conversation was closed. */
  get method(): EapMethodName | undefined {
    const phase = this.#phase
    if (phase.at === 'last-words') return phase.answer.method
    return phase.at === 'method' ? methodName(phase.method.type) : undefined
  }

  /** How far the peer came, also of a conversation that was closed. */
  get standing(): EapStanding {
    const phase = this.#phase
    if (phase.at === 'start' || phase.at === 'identity') return { at: 'identity' }
    const { told } = this
    const telling = told === undefined ? {} : { told }
    if (phase.at !== 'method') return { at: 'end', ...telling }
    const { type, tls } = phase.method
    const named = { method: methodName(type), ...(tls === undefined ? {} : { tls }), ...telling }
    return { at: phase.begun ? 'method' : 'proposed', ...named }
  }

  /** The failure the peer was told of last, while its answer to that is missing. */
  get told(): ToldFailure | undefined {
    const phase = this.#phase
    if (phase.at === 'method') return phase.method.told
    return phase.at === 'last-words' ? { failure: phase.answer.reason, isFinal: true } : undefined
  }

  /** EAP-Request/Identity, for a server that speaks first. */
  start(): EapAnswer {
    if (this.#phase.at !== 'start') return ignore('unexpected-packet', { wanted: 'start' })
    this.#phase = { at: 'identity' }
    return this.#request(EapType.Identity, new Uint8Array(0))
  }

  /**
   * Takes a packet of the peer. A first EAP-Response/Identity may come without start(): then the RADIUS client asked.
   * `mtu`: octets of the largest EAP packet the link carries (Framed-MTU); remembered once given.
   */
  receive(octets: Uint8Array, mtu?: number): MaybePromise<EapAnswer> {
    if (mtu !== undefined) this.#mtu = mtu
    // A copy: what arrived may be a view into a buffer that the socket fills again while a method waits.
    const received = octets.slice()
    const parsed = parseEap(received)
    if (!parsed.ok) return ignore('malformed-packet', { what: parsed.malformed })
    const { packet } = parsed
    if (packet.code !== EapCode.Response) return ignore('unexpected-packet', { code: packet.code })
    if (this.#busy) return ignore('unexpected-packet', { while: 'busy' })
    if (this.#closed || this.#phase.at === 'over') return this.#afterTheEnd()
    if (this.#phase.at === 'start') {
      if (packet.type !== EapType.Identity)
        return ignore('unexpected-packet', { type: packet.type, before: 'request' })
      this.#identifier = packet.identifier
    } else if (packet.identifier !== this.#identifier) {
      const values = { identifier: packet.identifier, expected: this.#identifier }
      return this.#again(received) ?? ignore('unexpected-packet', values)
    }
    return this.#step(received, packet)
  }

  /**
   * A Notification (RFC 3748 section 5.2) to show to the user before the failure: only after an answer of kind 'failure',
   * which receive() gives again once the peer has acknowledged.
   */
  notify(text: string): EapAnswer {
    if (this.#phase.at !== 'over' || typeof this.#phase.outcome === 'string') {
      return ignore('unexpected-packet', { wanted: 'notification' })
    }
    this.#phase = { at: 'last-words', answer: this.#phase.outcome }
    return this.#request(EapType.Notification, fromUtf8(text))
  }

  /** EAP-Success; its identifier is that of the response it answers (RFC 3748 section 4.2). */
  success(): Uint8Array {
    if (this.#phase.at !== 'over' || this.#phase.outcome !== 'done') {
      throw new EapError('success-without-proof', 'EAP-Success asked of a conversation that proved nothing')
    }
    return encodeSuccess(this.#identifier)
  }

  /** EAP-Failure; its identifier is that of the response it answers (RFC 3748 section 4.2). */
  failure(): Uint8Array {
    return encodeFailure(this.#identifier)
  }

  /** Frees what the method holds. An answer still in flight becomes 'ignore'. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#closeMethod()
  }

  #accept(packet: EapMessage): MaybePromise<EapAnswer> {
    const phase = this.#phase
    switch (phase.at) {
      case 'start':
      case 'identity':
        return this.#takeIdentity(packet)
      case 'method':
        return this.#takeMethodResponse(packet, phase)
      case 'last-words':
        return this.#end(phase.answer)
      case 'over':
        return this.#afterTheEnd()
    }
  }

  #takeIdentity(packet: EapMessage): MaybePromise<EapAnswer> {
    if (packet.type !== EapType.Identity)
      return ignore('unexpected-packet', { type: packet.type, expected: EapType.Identity })
    const identity = toUtf8(packet.data)
    // A name cut at a NUL would be one user here and another in a directory behind us.
    if (identity === undefined || identity.includes('\0') || packet.data.length > MOST_IDENTITY_OCTETS) {
      return this.#fail('malformed-packet', { what: 'identity' })
    }
    this.#identity = identity
    return whenReady(this.#options.offer(identity), (offer) => {
      this.#offered = offer.filter((type) => this.#options.methods.has(type))
      this.#offers = this.#offered
      const first = this.#offers[0]
      return first === undefined ? this.#fail('no-common-method', { offered: '' }) : this.#propose(first)
    })
  }

  #propose(type: number): MaybePromise<EapAnswer> {
    const factory = this.#options.methods.get(type) as EapMethodFactory // offers hold runnable types only
    this.#offers = this.#offers.filter((other) => other !== type)
    const method = factory({
      identity: this.#identity ?? '',
      identifier: () => (this.#identifier + 1) & 0xff,
      mtu: this.#mtu,
      scope: this.#options.scope,
    })
    this.#phase = { at: 'method', method, begun: false }
    return whenReady(method.begin(), (step) => this.#follow(step, method, false))
  }

  #takeMethodResponse(packet: EapMessage, phase: Extract<Phase, { at: 'method' }>): MaybePromise<EapAnswer> {
    const wanted = nakTypes(packet)
    if (wanted !== undefined && !phase.begun) return this.#takeNak(wanted, phase.method)
    if (packet.type !== phase.method.type) {
      return ignore('unexpected-packet', { type: packet.type, expected: phase.method.type })
    }
    return whenReady(phase.method.respond(packet.data), (step) => this.#follow(step, phase.method, true))
  }

  /** RFC 3748 section 5.3.1: the peer refuses the proposal and lists what it would do instead. */
  #takeNak(wanted: readonly number[], refused: EapMethod): MaybePromise<EapAnswer> {
    const next = this.#offers.find((type) => wanted.includes(type))
    if (next !== undefined) {
      refused.close()
      return this.#propose(next)
    }
    const values = { offered: this.#offered.join(','), wanted: wanted.join(',') }
    const forbidden = wanted.some((type) => !this.#offered.includes(type))
    return this.#fail(forbidden ? 'nak-to-forbidden-method' : 'no-common-method', values)
  }

  /** Turns a method's step into an answer. `begun`: the peer has taken part in the method, so it can no longer Nak. */
  #follow(step: Step, method: EapMethod, begun: boolean): EapAnswer {
    switch (step.kind) {
      case 'send':
        this.#phase = { at: 'method', method, begun }
        return this.#request(method.type, step.data)
      case 'done':
        return this.#end({ kind: 'done', result: step.result })
      case 'fail': {
        const failed = this.#failed(step.reason)
        if (step.data === undefined) return this.#end(failed)
        method.close()
        this.#phase = { at: 'last-words', answer: failed }
        return this.#request(method.type, step.data)
      }
      case 'unavailable':
        return this.#end(step)
      case 'ignore':
        return step
    }
  }

  #request(type: number, data: Uint8Array): EapAnswer {
    this.#identifier = (this.#identifier + 1) & 0xff
    this.#lastRequest = encodeRequest(this.#identifier, type, data)
    return { kind: 'request', packet: this.#lastRequest }
  }

  #fail(code: EapFailureCode, detail: NonNullable<EapFailure['detail']>): EapAnswer {
    return this.#end(this.#failed({ code, detail }))
  }

  #failed(reason: EapFailure): Failed {
    const method = this.#phase.at === 'method' ? methodName(this.#phase.method.type) : undefined
    return {
      kind: 'failure',
      reason,
      ...(this.#identity === undefined ? {} : { identity: this.#identity }),
      ...(method === undefined ? {} : { method }),
    }
  }

  #end(answer: Extract<EapAnswer, { kind: 'done' | 'failure' | 'unavailable' }>): EapAnswer {
    this.#closeMethod()
    this.#phase = { at: 'over', outcome: answer.kind === 'failure' ? answer : answer.kind }
    return answer
  }

  #afterTheEnd(): EapAnswer {
    return this.#phase.at === 'over' && this.#phase.outcome === 'unavailable'
      ? { kind: 'unavailable' }
      : ignore('unexpected-packet', { after: 'end' })
  }

  /** The peer (or the network) sent its last response once more: our answer to it was lost or late. */
  #again(octets: Uint8Array): EapAnswer | undefined {
    if (this.#lastResponse === undefined || this.#lastRequest === undefined) return undefined
    return equal(this.#lastResponse, octets) ? { kind: 'request', packet: this.#lastRequest } : undefined
  }

  /** Runs one step: alone, within the bound of rounds, and with every bug in a method ending in a failure. */
  #step(received: Uint8Array, packet: EapMessage): MaybePromise<EapAnswer> {
    if (++this.#rounds > this.#maxRounds) return this.#fail('too-many-rounds', { rounds: this.#maxRounds })
    this.#busy = true
    const broken = (cause: unknown) => this.#end(this.#failed({ code: 'internal', cause }))
    try {
      const answer = this.#accept(packet)
      return answer instanceof Promise
        ? answer.catch(broken).then((settled) => this.#settle(settled, received))
        : this.#settle(answer, received)
    } catch (cause) {
      return this.#settle(broken(cause), received)
    }
  }

  #settle(answer: EapAnswer, received: Uint8Array): EapAnswer {
    this.#busy = false
    if (this.#closed) {
      this.#closeMethod()
      return ignore('unexpected-packet', { after: 'close' })
    }
    if (answer.kind !== 'ignore') this.#lastResponse = received
    return answer
  }

  #closeMethod(): void {
    if (this.#phase.at === 'method') this.#phase.method.close()
  }
}

function ignore(code: EapFailureCode, detail: NonNullable<EapFailure['detail']>): EapAnswer {
  return { kind: 'ignore', reason: { code, detail } }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at])
}
