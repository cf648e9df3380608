import type { Attribute } from '../definition.ts'
import { encodeRequest, type RandomFill } from '../encode.ts'
import { RadiusError } from '../error.ts'
import type { HidingKey } from '../hiding.ts'
import { inspect, type MalformedReason } from '../inspect.ts'
import type { PacketView } from '../packet-view.ts'
import type { Secret } from '../secret.ts'
import { type SentRequest, type UnverifiedReason, verifyReply } from '../verify.ts'
import { nextWait, type RetransmissionRules } from './retransmission.ts'

export type IgnoredReason = MalformedReason | UnverifiedReason | 'no-such-request'

export interface ExchangeOptions {
  readonly secret: Secret
  readonly rules: RetransmissionRules
  /** Refuse Access-* replies without Message-Authenticator. */
  readonly requireMessageAuthenticator: boolean
  /** Open every request with a Message-Authenticator. Default: Access-Request and Status-Server alone. */
  readonly signEveryRequest?: boolean
  /** 0 to 1, for the jitter of retransmission. */
  readonly random: () => number
  readonly randomFill?: RandomFill
}

/** A request that waits for its answer. */
export interface Exchange {
  readonly id: number
  /** The same octets at every attempt, so that the server can know a duplicate. */
  readonly datagram: Uint8Array
  readonly startedAt: number
  attempts: number
  /** When to send again or to give up. */
  dueAt: number
  /** Why datagrams that looked like the answer were dropped: tells a wrong secret from silence. */
  ignored: IgnoredReason | undefined
}

export type Received =
  | {
      readonly kind: 'reply'
      readonly exchange: Exchange
      readonly packet: PacketView
      readonly hiding: HidingKey
    }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason }

export type Due =
  | { readonly kind: 'send-again'; readonly exchange: Exchange }
  | { readonly kind: 'gave-up'; readonly exchange: Exchange }

/**
 * The client's side of RADIUS without sockets and clock: identifiers, retransmission and the matching of replies, for one
 * server and one source port. Times are milliseconds of any clock that never goes back.
 */
export class Exchanges {
  readonly #options: ExchangeOptions
  readonly #waiting = new Map<number, Exchange & { readonly sent: SentRequest; wait: number }>()
  #nextId: number

  constructor(options: ExchangeOptions) {
    this.#options = options
    this.#nextId = Math.floor(options.random() * 256) & 0xff
  }

  get size(): number {
    return this.#waiting.size
  }

  /** When `due` has something to say next. */
  get nextDueAt(): number | undefined {
    let next: number | undefined
    for (const { dueAt } of this.#waiting.values()) if (next === undefined || dueAt < next) next = dueAt
    return next
  }

  /** Encodes a request under a free identifier. Throws RadiusError `no-free-identifier` while 256 are waiting. */
  start(code: number, attributes: readonly Attribute[], now: number): Exchange {
    const { secret, rules, randomFill, signEveryRequest } = this.#options
    const id = this.#freeId()
    const datagram = encodeRequest({
      code,
      id,
      secret,
      attributes,
      ...(signEveryRequest === true ? { messageAuthenticator: true } : {}),
      ...(randomFill === undefined ? {} : { random: randomFill }),
    })
    const wait = nextWait(rules, 0, this.#options.random())
    const exchange = {
      id,
      datagram,
      startedAt: now,
      attempts: 1,
      wait,
      dueAt: Math.min(now + wait, now + rules.deadlineMs),
      ignored: undefined,
      sent: { code, id, authenticator: datagram.subarray(4, 20) },
    }
    this.#waiting.set(id, exchange)
    return exchange
  }

  /** Looks for the request that a datagram answers. Only a verified reply ends an exchange. */
  receive(datagram: Uint8Array): Received {
    const inspected = inspect(datagram)
    if (!inspected.ok) return { kind: 'ignored', reason: inspected.reason }
    const { packet } = inspected
    const exchange = this.#waiting.get(packet.id)
    if (exchange === undefined) return { kind: 'ignored', reason: 'no-such-request' }
    const { secret, requireMessageAuthenticator } = this.#options
    const verified = verifyReply(packet, exchange.sent, secret, { requireMessageAuthenticator })
    if (!verified.ok) {
      exchange.ignored = verified.reason
      return { kind: 'ignored', reason: verified.reason }
    }
    this.#waiting.delete(packet.id)
    return {
      kind: 'reply',
      exchange,
      packet,
      hiding: { secret, authenticator: exchange.sent.authenticator },
    }
  }

  /** What has to be sent again or given up by now. */
  due(now: number): Due[] {
    const { rules, random } = this.#options
    const due: Due[] = []
    for (const exchange of this.#waiting.values()) {
      if (exchange.dueAt > now) continue
      const deadline = exchange.startedAt + rules.deadlineMs
      if (exchange.attempts > rules.retries || now >= deadline) {
        this.#waiting.delete(exchange.id)
        due.push({ kind: 'gave-up', exchange })
        continue
      }
      exchange.attempts++
      exchange.wait = nextWait(rules, exchange.wait, random())
      exchange.dueAt = Math.min(now + exchange.wait, deadline)
      due.push({ kind: 'send-again', exchange })
    }
    return due
  }

  /** In turn, so that an identifier rests as long as possible before it is used again. */
  #freeId(): number {
    for (let tried = 0; tried < 256; tried++) {
      const id = this.#nextId
      this.#nextId = (id + 1) & 0xff
      if (!this.#waiting.has(id)) return id
    }
    throw new RadiusError('no-free-identifier', '256 requests are waiting for an answer already')
  }
}
