import {
  encodeReply,
  inspect,
  PacketCode,
  type PacketView,
  type Secret,
  type Verified,
  verify,
} from '@sallyport/radius'
import { UserName } from '@sallyport/radius/attributes'
import type { AccessRequest } from '../../access/access-request.ts'
import type { AccountingReceiver } from '../../access/accounting/accounting-receiver.ts'
import type { Answer } from '../../access/answer.ts'
import type { ClientObservations } from '../../access/clients/client-observations.ts'
import { type ReplyCache, RUNNING } from '../../access/reply-cache.ts'
import type { ServedClient } from '../../access/served-client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { ClientMonitor } from './client-monitor.ts'
import { malformedReason, unverifiedReason } from './drop-reason.ts'
import type { Handover } from './handover.ts'
import type { LogLimit } from './log-limit.ts'
import type { Source } from './udp-listener.ts'

type Authentic = Extract<Verified, { readonly ok: true }>

/** Which requests a port serves (RFC 2865, RFC 2866); Status-Server is served by both (RFC 5997). */
export type PortKind = 'authentication' | 'accounting'

export interface RadiusPortParts {
  readonly kind: PortKind
  /** Who sends from this address; disabled clients included. */
  readonly findClient: (address: string) => ServedClient | undefined
  readonly access: {
    receive(request: AccessRequest): Answer | Promise<Answer>
    /** A challenge was sent a second time. */
    repeated(challenge: Uint8Array): void
  }
  readonly accounting: AccountingReceiver
  readonly handover: Pick<Handover, 'pass'>
  readonly replies: ReplyCache
  readonly monitor: ClientMonitor
  readonly observations: ClientObservations
  readonly clock: Clock
  readonly log: Logger
  readonly logLimit: LogLimit
}

/**
 * Datagrams in, datagrams out. Nothing is allocated, remembered or answered for an address that is no RADIUS client, nor
 * for a packet whose authenticator does not hold. Never throws: a packet must not end the process.
 */
export class RadiusPort {
  readonly #parts: RadiusPortParts

  constructor(parts: RadiusPortParts) {
    this.#parts = parts
  }

  receive(datagram: Uint8Array, source: Source, reply: (octets: Uint8Array) => void): void {
    const admitted = this.#admit(datagram, source)
    if (!admitted.ok) {
      this.#drop(admitted.client, source, admitted.why)
      return
    }
    const { request, verified } = admitted
    // Only what is authentic is handed on, and only who works on it counts it.
    if (this.#parts.handover.pass(request.packet, source, reply)) return
    this.#noteClient(request, verified)
    this.#answer(request, reply)
  }

  /** The order matters: each check costs more than the one before, and trusts what that one found. */
  #admit(
    datagram: Uint8Array,
    source: Source,
  ):
    | { readonly ok: true; readonly request: AccessRequest; readonly verified: Authentic }
    | { readonly ok: false; readonly client: ServedClient | undefined; readonly why: Reason } {
    const { clock, monitor, findClient } = this.#parts
    const startedAt = clock.monotonic()
    const client = findClient(source.address)
    const refuse = (why: Reason) => ({ ok: false, client, why }) as const
    if (client === undefined) {
      monitor.stranger(source.address, datagram, clock.now())
      return refuse(reason('unknown-client', { address: source.address }))
    }
    if (!client.enabled) return refuse(reason('client-disabled', { client: client.name }))
    const inspected = inspect(datagram)
    if (!inspected.ok) return refuse(malformedReason(inspected, source.address))
    const { packet } = inspected
    if (!this.#serves(packet.code)) {
      return refuse(reason('unsupported-packet-code', { client: client.name, packetCode: packet.code }))
    }
    const verified = verify(packet, client.secrets, client.rules)
    if (!verified.ok) return refuse(unverifiedReason(verified.reason, client.name, packet.get(UserName)))
    const { secret } = verified
    const receivedAt = clock.now()
    const request = { packet, client, secret, source, receivedAt, startedAt, verifiedAt: clock.monotonic() }
    return { ok: true, request, verified }
  }

  #answer(request: AccessRequest, reply: (octets: Uint8Array) => void): void {
    const { replies } = this.#parts
    const { packet, client, secret, source, startedAt } = request
    // A Status-Server asks whether we answer now, so an old answer would be a wrong one.
    if (packet.code === PacketCode.StatusServer) {
      reply(this.#statusReply(packet, secret))
      return
    }
    const kept = replies.find(source, packet, startedAt)
    if (kept === RUNNING) this.#drop(client, source, reason('duplicate-request', { client: client.name }))
    else if (kept !== undefined) {
      reply(kept)
      if (kept[0] === PacketCode.AccessChallenge) this.#parts.access.repeated(kept)
    } else this.#work(request, reply)
  }

  #work(request: AccessRequest, reply: (octets: Uint8Array) => void): void {
    const { replies, log } = this.#parts
    const { client, source } = request
    const ticket = replies.begin(request.source, request.packet, request.startedAt)
    const deliver = (answer: Answer): void => {
      if (answer.kind === 'reply') {
        replies.finish(ticket, answer.octets)
        reply(answer.octets)
        this.#countReply(client, answer.octets[0])
      } else {
        replies.forget(ticket)
        this.#drop(client, source, answer.reason)
      }
      answer.sent?.()
    }
    const failed = (error: unknown): void => {
      replies.forget(ticket)
      log.error({ err: error, client: client.name }, 'a request could not be worked on')
      this.#drop(client, source, reason('internal-error', {}))
    }
    try {
      const answer = this.#ask(request)
      if (answer instanceof Promise) answer.then(deliver).catch(failed)
      else deliver(answer)
    } catch (error) {
      failed(error)
    }
  }

  #ask(request: AccessRequest): Answer | Promise<Answer> {
    const { access, accounting } = this.#parts
    return request.packet.code === PacketCode.AccessRequest
      ? access.receive(request)
      : accounting.receive(request)
  }

  #serves(code: number): boolean {
    if (code === PacketCode.StatusServer) return true
    return (
      code ===
      (this.#parts.kind === 'authentication' ? PacketCode.AccessRequest : PacketCode.AccountingRequest)
    )
  }

  /** RFC 5997 section 3: Access-Accept on the authentication port, Accounting-Response on the accounting port. */
  #statusReply(request: PacketView, secret: Secret): Uint8Array {
    const code =
      this.#parts.kind === 'authentication' ? PacketCode.AccessAccept : PacketCode.AccountingResponse
    return encodeReply({ code, request, secret, attributes: [] })
  }

  #noteClient({ client, source, packet, secret }: AccessRequest, verified: Authentic): void {
    const { monitor, observations, clock } = this.#parts
    const seen = monitor.of(client.name)
    seen.requests++
    seen.lastSeenAt = clock.now()
    const isAccess = packet.code === PacketCode.AccessRequest
    const isSigned = packet.messageAuthenticatorAt >= 0
    observations.note(
      client.name,
      source.address,
      verified.authenticated ? secret : undefined,
      isAccess,
      isSigned,
      seen.lastSeenAt,
    )
    if (isAccess && !isSigned) {
      if (seen.withoutMessageAuthenticator++ > 0) return
      this.#parts.log.warn(
        { client: client.name, code: 'message-authenticator-missing' },
        `RADIUS client "${client.name}" sends no Message-Authenticator: its logins can be forged (CVE-2024-3596).`,
      )
    }
  }

  #countReply(client: ServedClient, code: number | undefined): void {
    const seen = this.#parts.monitor.of(client.name)
    if (code === PacketCode.AccessAccept) seen.accepts++
    else if (code === PacketCode.AccessReject) seen.rejects++
  }

  #drop(client: ServedClient | undefined, { address }: Source, why: Reason): void {
    const { monitor, clock, log, logLimit } = this.#parts
    monitor.dropped(client?.name, address, why, clock.now())
    if (!logLimit.allows(why.code, clock.monotonic())) return
    log.info({ code: why.code, client: client?.name, ...why.values }, render(why).sentence)
  }
}
