import { type Attribute, attribute, encodeReply, PacketCode, RadiusError } from '@sallyport/radius'
import { Class, UserName } from '@sallyport/radius/attributes'
import type { SourceTried } from '../identity/authentication-order.ts'
import type { IdentifiedUser } from '../identity/source.ts'
import type { EapSummary, Journal, Receipt, ReceiptIds } from '../journal/index.ts'
import type { Logger } from '../kernel/logging.ts'
import { type CertificateFacts, type Decision, decide, type Method } from '../policy/index.ts'
import { type Reason, reason, render } from '../reasons/index.ts'
import type { AccessRequest } from './access-request.ts'
import type { Answer } from './answer.ts'
import { authorizationAttributes } from './authorization-attributes.ts'
import { decisionClass } from './decision-class.ts'
import { decisionFacts, earlyFacts, type Proved } from './facts.ts'
import { readableReply } from './readable-attributes.ts'
import type { Served } from './served.ts'

/** How the last packet of a conversation is dressed: EAP-Success and -Failure, or nothing. */
export interface Envelope {
  success(): readonly Attribute[]
  failure(): readonly Attribute[]
}

/** A login whose proof held: now the policy decides. */
export interface ProvedLogin {
  readonly proved: Proved
  /** What only this method adds to an accept: keys, the server's own proof. Called after the policy said yes. */
  readonly grant: () => readonly Attribute[]
  /** What only this method adds to a reject by policy. */
  readonly deny: () => readonly Attribute[]
  readonly envelope: Envelope
  readonly eap?: EapSummary | undefined
  readonly tried: readonly SourceTried[]
  /** The TLS session may be resumed: called after an accept and never otherwise. */
  readonly release?: (() => void) | undefined
  /** Monotonic milliseconds at which the proof was found to hold. */
  readonly provedAt: number
}

/** A login that failed before the policy was asked. */
export interface FailedLogin {
  readonly reason: Reason
  readonly outerIdentity?: string | undefined
  readonly user?: string | undefined
  readonly method?: Method | undefined
  readonly inner?: Method | undefined
  readonly certificate?: CertificateFacts | undefined
  readonly attributes: readonly Attribute[]
  readonly eap?: EapSummary | undefined
}

export interface ConclusionParts {
  readonly ids: ReceiptIds
  readonly journal: Pick<Journal, 'record'>
  readonly log: Logger
  readonly monotonic: () => number
  readonly count: (client: string, outcome: Receipt['outcome'], reason: string, seconds: number) => void
}

/**
 * The end of every login: decide, build the answer, and leave a receipt once the answer is on its way. Nothing but a
 * decision that says accept, and whose every attribute could be built, becomes an Access-Accept.
 */
export class Conclusion {
  readonly #parts: ConclusionParts

  constructor(parts: ConclusionParts) {
    this.#parts = parts
  }

  decide(request: AccessRequest, served: Served, login: ProvedLogin): Answer {
    const { ids, monotonic } = this.#parts
    const id = ids.next()
    const facts = decisionFacts(request, login.proved, served.time)
    const decision = decide(served.policy, facts)
    const decidedAt = monotonic()
    const built = decision.kind === 'accept' ? this.#accept(request, login, decision, id) : undefined
    const why = built === undefined ? decision.reason : built.ok ? decision.reason : built.reason
    const octets =
      built?.ok === true
        ? built.octets
        : this.#reject(request, [...login.envelope.failure(), ...login.deny()])
    const outcome = built?.ok === true ? 'accept' : 'reject'
    if (outcome === 'accept') login.release?.()
    const repliedAt = monotonic()
    return {
      kind: 'reply',
      octets,
      sent: () =>
        this.#record({
          id,
          at: request.receivedAt,
          configVersion: served.version,
          outcome,
          reason: why,
          network: networkOrigin(request),
          user: login.proved.user.name,
          method: login.proved.method,
          inner: login.proved.inner,
          facts,
          decided: true,
          origins: originsOf(login.proved.user),
          rule: decision.rule,
          profiles: decision.profiles,
          shadow: decision.shadow,
          reply: readableReply(octets),
          eap: login.eap,
          timings: {
            verify: microseconds(request.startedAt, request.verifiedAt),
            authenticate: microseconds(request.verifiedAt, login.provedAt),
            decide: microseconds(login.provedAt, decidedAt),
            reply: microseconds(decidedAt, repliedAt),
          },
        }),
    }
  }

  fail(request: AccessRequest, served: Served, login: FailedLogin): Answer {
    const failedAt = this.#parts.monotonic()
    const octets = this.#reject(request, login.attributes)
    return {
      kind: 'reply',
      octets,
      sent: () => this.#record(this.#failureReceipt(request, served, login, 'reject', failedAt)),
    }
  }

  /** Nobody could check the proof: neither yes nor no, so that the RADIUS client asks another server. */
  silence(request: AccessRequest, served: Served, login: FailedLogin): Answer {
    const failedAt = this.#parts.monotonic()
    return {
      kind: 'silence',
      reason: login.reason,
      sent: () => this.#record(this.#failureReceipt(request, served, login, 'drop', failedAt)),
    }
  }

  /** An attribute that cannot be built makes the answer a reject, never an accept without it. */
  #accept(
    request: AccessRequest,
    login: ProvedLogin,
    decision: Decision,
    id: string,
  ): { ok: true; octets: Uint8Array } | { ok: false; reason: Reason } {
    try {
      const attributes = [
        ...login.envelope.success(),
        attribute(UserName, login.proved.user.name),
        attribute(Class, decisionClass(id)),
        ...authorizationAttributes(decision.obligations),
        ...login.grant(),
      ]
      const { packet, secret } = request
      return {
        ok: true,
        octets: encodeReply({ code: PacketCode.AccessAccept, request: packet, secret, attributes }),
      }
    } catch (error) {
      if (!(error instanceof RadiusError)) throw error
      const values = { rule: decision.rule, attribute: text(error.values.attribute), detail: error.message }
      return { ok: false, reason: reason('reply-unbuildable', values) }
    }
  }

  #reject({ packet, secret }: AccessRequest, attributes: readonly Attribute[]): Uint8Array {
    return encodeReply({ code: PacketCode.AccessReject, request: packet, secret, attributes })
  }

  #failureReceipt(
    request: AccessRequest,
    served: Served,
    login: FailedLogin,
    outcome: 'reject' | 'drop',
    failedAt: number,
  ): Receipt {
    const { certificate, outerIdentity } = login
    const early = earlyFacts(request, outerIdentity ?? '', served.time)
    return {
      id: this.#parts.ids.next(),
      at: request.receivedAt,
      configVersion: served.version,
      outcome,
      reason: login.reason,
      network: networkOrigin(request),
      user: login.user ?? outerIdentity,
      method: login.method,
      inner: login.inner,
      facts: certificate === undefined ? early : { ...early, certificate },
      decided: false,
      eap: login.eap,
      timings: {
        verify: microseconds(request.startedAt, request.verifiedAt),
        authenticate: microseconds(request.verifiedAt, failedAt),
      },
    }
  }

  #record(receipt: Receipt): void {
    const { journal, log, count } = this.#parts
    journal.record(receipt)
    const microsecondsSpent = Object.values(receipt.timings ?? {}).reduce((sum, step) => sum + step, 0)
    count(receipt.network.client, receipt.outcome, receipt.reason.code, microsecondsSpent / 1e6)
    if (receipt.outcome === 'accept' ? !log.isLevelEnabled('debug') : !log.isLevelEnabled('info')) return
    const line = {
      receipt: receipt.id,
      outcome: receipt.outcome,
      code: receipt.reason.code,
      user: receipt.user,
      client: receipt.network.client,
      station: receipt.facts.request?.callingStationId,
      method: receipt.method,
      inner: receipt.inner,
      rule: receipt.rule,
    }
    const { sentence } = render(receipt.reason)
    if (receipt.outcome === 'accept') log.debug(line, sentence)
    else log.info(line, sentence)
  }
}

function networkOrigin({ client, source, packet }: AccessRequest): Receipt['network'] {
  return { client: client.name, address: source.address, port: source.port, packetId: packet.id }
}

function originsOf(user: IdentifiedUser): Receipt['origins'] {
  return {
    user: { source: user.source },
    client: { source: 'configuration' },
    request: { source: 'request' },
    time: { source: 'clock' },
  }
}

function microseconds(from: number, to: number): number {
  return Math.round((to - from) * 1000)
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}
