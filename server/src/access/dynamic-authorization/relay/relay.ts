import {
  type Attribute,
  attribute,
  encodeReply,
  inspect,
  PacketCode,
  type PacketView,
  type Secret,
  verify,
} from '@sallyport/radius'
import { ErrorCause, ErrorCauseValue, EventTimestamp } from '@sallyport/radius/attributes'
import type { Clock } from '../../../kernel/clock.ts'
import type { Logger } from '../../../kernel/logging.ts'
import { type Reason, reason, render } from '../../../reasons/index.ts'
import type { RequestSource } from '../../access-request.ts'
import { type ReplyCache, RUNNING } from '../../reply-cache.ts'
import type { ActionRequest, ActionResult } from '../action.ts'
import { type RelayedAnswer, relayedAnswer } from './relayed-answer.ts'
import type { Sender, Senders } from './senders.ts'
import { wantedAction } from './wanted-action.ts'
import { type WantedSession, wantedSession } from './wanted-session.ts'

/** RFC 5176 section 3.3 recommends 300 seconds, past and future. Answers are kept as long, so none can be asked twice. */
export const TIME_WINDOW_SECONDS = 300
/** More sessions than this are not what one request was about. */
export const MOST_SESSIONS = 16

export interface RelayParts {
  readonly senders: () => Senders
  /** Ids of the live sessions that are what the sender says, `most` at the most. */
  readonly find: (wanted: WantedSession, most: number) => Promise<readonly string[]>
  readonly act: (request: ActionRequest) => Promise<ActionResult>
  /** With a lifetime of the time window. */
  readonly replies: ReplyCache
  readonly clock: Clock
  readonly log: Logger
  /** What came, by sender and how it ended: `ack`, `nak`, or the code of the reason it was dropped for. */
  readonly count: (sender: string, outcome: string) => void
}

/**
 * Takes CoA and Disconnect from trusted senders, and has the device of the session told in its own words (RFC 5176, and
 * RFC 8559 for why a proxy does). Nothing is kept or answered for anybody else.
 */
export class Relay {
  readonly #parts: RelayParts

  constructor(parts: RelayParts) {
    this.#parts = parts
  }

  /** Never throws: a packet must not end the process. */
  receive(datagram: Uint8Array, source: RequestSource, reply: (octets: Uint8Array) => void): void {
    const admitted = this.#admit(datagram, source)
    if (!admitted.ok) {
      this.#drop(admitted.sender, admitted.why)
      return
    }
    this.#answer(admitted, source, reply)
  }

  /** The order matters: each check costs more than the one before, and trusts what that one found. */
  #admit(
    datagram: Uint8Array,
    source: RequestSource,
  ): Admitted | { ok: false; sender: Sender | undefined; why: Reason } {
    const { senders, clock } = this.#parts
    const sender = senders().find(source.address)
    const refuse = (why: Reason) => ({ ok: false, sender, why }) as const
    if (sender === undefined) return refuse(reason('unknown-client', { address: source.address }))
    const inspected = inspect(datagram)
    if (!inspected.ok) {
      const { reason: detail, offset } = inspected
      return refuse(reason('malformed-packet', { address: source.address, detail, offset }))
    }
    const { packet } = inspected
    if (packet.code !== PacketCode.CoaRequest && packet.code !== PacketCode.DisconnectRequest) {
      return refuse(reason('unsupported-packet-code', { client: sender.name, packetCode: packet.code }))
    }
    const verified = verify(packet, sender.secrets, { requireMessageAuthenticator: true })
    if (!verified.ok) {
      return refuse(reason('wrong-secret', { client: sender.name, detail: verified.reason }))
    }
    const why = lateness(packet, sender, clock.now())
    return why === undefined ? { ok: true, packet, sender, secret: verified.secret } : refuse(why)
  }

  #answer(admitted: Admitted, source: RequestSource, reply: (octets: Uint8Array) => void): void {
    const { replies, clock, log } = this.#parts
    const { packet, sender } = admitted
    // Whatever port it comes from: a recorded request that is sent again is the same request.
    const from = { address: source.address, port: 0 }
    const kept = replies.find(from, packet, clock.monotonic())
    if (kept === RUNNING) return
    if (kept !== undefined) {
      reply(kept)
      return
    }
    const ticket = replies.begin(from, packet, clock.monotonic())
    this.#relay(admitted)
      .then((answer) => {
        const octets = encode(admitted, answer)
        replies.finish(ticket, octets)
        reply(octets)
        this.#parts.count(sender.name, answer.isDone ? 'ack' : 'nak')
      })
      .catch((error: unknown) => {
        replies.forget(ticket)
        log.error({ err: error, client: sender.name }, 'A CoA or Disconnect could not be relayed.')
        this.#drop(sender, reason('internal-error', {}))
      })
  }

  async #relay({ packet, sender }: Admitted): Promise<RelayedAnswer> {
    if (!sender.maySend) return nak('Administratively-Prohibited')
    const wanted = wantedSession(packet)
    if (typeof wanted === 'string') return nak(wanted)
    const sessions = await this.#parts.find(wanted, MOST_SESSIONS + 1)
    if (sessions.length === 0) return nak('Session-Context-Not-Found')
    if (sessions.length > MOST_SESSIONS) return nak('Multiple-Session-Selection-Unsupported')
    const action = wantedAction(packet)
    const askedBy = { by: 'relay', name: sender.name } as const
    const results = await Promise.all(
      sessions.map((sessionId) => this.#parts.act({ sessionId, ...action, askedBy })),
    )
    return relayedAnswer(results)
  }

  #drop(sender: Sender | undefined, why: Reason): void {
    this.#parts.count(sender?.name ?? '', why.code)
    // A stranger could fill the log.
    if (sender === undefined) return
    this.#parts.log.warn({ code: why.code, client: sender.name, ...why.values }, render(why).sentence)
  }
}

interface Admitted {
  readonly ok: true
  readonly packet: PacketView
  readonly sender: Sender
  readonly secret: Secret
}

function lateness(packet: PacketView, sender: Sender, now: number): Reason | undefined {
  const client = sender.name
  const sentAt = packet.get(EventTimestamp)
  if (sentAt === undefined) {
    return sender.requireEventTimestamp ? reason('event-timestamp-missing', { client }) : undefined
  }
  const seconds = Math.round((now - sentAt.getTime()) / 1000)
  return Math.abs(seconds) <= TIME_WINDOW_SECONDS
    ? undefined
    : reason('event-timestamp-outside-window', { client, seconds, window: TIME_WINDOW_SECONDS })
}

function nak(cause: keyof typeof ErrorCauseValue): RelayedAnswer {
  return { isDone: false, errorCause: ErrorCauseValue[cause] }
}

/** The ACK and NAK of a request have the two codes behind its own (RFC 5176 section 2.3). */
function encode({ packet, secret }: Admitted, answer: RelayedAnswer): Uint8Array {
  const attributes: Attribute[] =
    answer.isDone || answer.errorCause === undefined ? [] : [attribute(ErrorCause, answer.errorCause)]
  // encodeReply returns every Proxy-State unchanged and in order.
  return encodeReply({ code: packet.code + (answer.isDone ? 1 : 2), request: packet, secret, attributes })
}
