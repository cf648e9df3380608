import { type Attribute, encodeReply, PacketCode } from '@sallyport/radius'
import type { EapSummary, Journal, ProxySummary, Receipt, ReceiptIds } from '../journal/index.ts'
import { LineBudget } from '../kernel/line-budget.ts'
import type { Logger } from '../kernel/logging.ts'
import { type CertificateFacts, type Decision, decide, type Facts, type Method } from '../policy/index.ts'
import type { SessionLimit } from '../policy/rule.ts'
import { type Reason, reason, render } from '../reasons/index.ts'
import { acceptAttributes, unbuildable } from './accept-attributes.ts'
import type { AccessRequest } from './access-request.ts'
import type { Answer } from './answer.ts'
import { encodeRefusal } from './encode-answer.ts'
import { decisionFacts, earlyFacts, type Proved, plainRequestFacts } from './facts.ts'
import { readableReply } from './readable-attributes.ts'
import type { Served } from './served.ts'
import type { SessionLimitCheck } from './sessions/session-limit-check.ts'

/** How the last packet of a conversation is dressed: EAP-Success and -Failure, or nothing. */
export interface Envelope {
  success(): readonly Attribute[]
  failure(): readonly Attribute[]
}

/** A login whose proof held: now the policy decides. */
export interface ProvedLogin {
  readonly proved: Proved
  /** User-Name of the accept, where accounting needs another one than the name that was proved. */
  readonly userName?: string | undefined
  /**
   * What only this method adds to an accept: keys, the server's own proof. Called after the policy said yes, with what the
   * policy grants.
   */
  readonly grant: (granted: readonly Attribute[]) => readonly Attribute[]
  /** What only this method adds to a reject by policy. */
  readonly deny: () => readonly Attribute[]
  readonly envelope: Envelope
  readonly eap?: EapSummary | undefined
  readonly proxy?: ProxySummary | undefined
  /** The TLS session may be resumed: called after an accept and never otherwise. */
  readonly release?: (() => void) | undefined
  /** Called after a reject: nothing that was left before may be resumed any more. */
  readonly withdraw?: (() => void) | undefined
  /** Monotonic milliseconds at which the proof was found to hold. */
  readonly provedAt: number
}

/** A login that failed before the policy was asked. */
export interface FailedLogin {
  readonly reason: Reason
  readonly outerIdentity?: string | undefined
  /** The name without realm, and its realm, where they are known apart. */
  readonly user?: string | undefined
  readonly realm?: string | undefined
  readonly method?: Method | undefined
  readonly inner?: Method | undefined
  readonly certificate?: CertificateFacts | undefined
  readonly attributes: readonly Attribute[]
  readonly eap?: EapSummary | undefined
  readonly proxy?: ProxySummary | undefined
}

export interface ConclusionParts {
  readonly ids: ReceiptIds
  readonly journal: Pick<Journal, 'record'>
  readonly log: Logger
  readonly monotonic: () => number
  /** Absent: nobody counts sessions, and a rule that limits them lets nobody in. */
  readonly limits?: SessionLimitCheck
  readonly count: (client: string, outcome: Receipt['outcome'], reason: string, seconds: number) => void
  /** Told of every login that gets no answer, and which RADIUS client may ask another server now. */
  readonly silenced?: (client: string, reason: Reason) => void
}

/** What log and metrics say of a login; the receipt says it all. */
type Headline = Pick<Receipt, 'id' | 'outcome' | 'reason' | 'user' | 'method' | 'inner' | 'rule'>

/** A proved login on its way to the answer. */
interface Pass {
  readonly request: AccessRequest
  readonly served: Served
  readonly login: ProvedLogin
  readonly id: string
  readonly facts: Facts
}

type Built =
  | { readonly ok: true; readonly octets: Uint8Array; readonly attributes: readonly Attribute[] }
  | { readonly ok: false; readonly reason: Reason }

/** More than anybody reads; the receipts hold every login. */
const LINES_PER_SECOND = 100

/**
 * The end of every login: decide, build the answer, and leave a receipt once the answer is on its way. Nothing but a
 * decision that says accept, and whose every attribute could be built, becomes an Access-Accept.
 */
export class Conclusion {
  readonly #parts: ConclusionParts
  readonly #lines = new LineBudget(LINES_PER_SECOND)

  constructor(parts: ConclusionParts) {
    this.#parts = parts
  }

  decide(request: AccessRequest, served: Served, login: ProvedLogin): Answer | Promise<Answer> {
    const id = this.#parts.ids.next()
    const facts = decisionFacts(request, login.proved, served.time)
    const decision = decide(served.policy, facts)
    const { kind, sessionLimit } = decision
    return kind === 'accept' && sessionLimit !== undefined
      ? this.#count({ request, served, login, id, facts }, decision, sessionLimit)
      : this.#conclude({ request, served, login, id, facts }, decision)
  }

  /** An accept of a rule that limits sessions: whether there is room for one more. */
  async #count(pass: Pass, decision: Decision, limit: SessionLimit): Promise<Answer> {
    const { request, served, login, id } = pass
    const { limits } = this.#parts
    const { user } = login.proved
    const holdSeconds = served.reservationSeconds
    const checked = await limits?.check(
      request,
      { user: user.name, decisionId: id, holdSeconds },
      decision,
      limit,
    )
    if (checked !== undefined && 'decision' in checked) return this.#conclude(pass, checked.decision)
    const why =
      checked?.silence ?? reason('session-count-unknown', { rule: decision.rule ?? '', user: user.name })
    login.withdraw?.()
    return this.#silenced(pass, why)
  }

  /** The proof held, and yet nobody can be told. */
  #silenced({ request, served, login }: Pass, why: Reason): Answer {
    const { user, realm, method, inner, outerIdentity } = login.proved
    const { eap, proxy } = login
    const about = { outerIdentity, user: user.name, realm, method, inner, attributes: [], eap, proxy }
    return this.silence(request, served, { ...about, reason: why })
  }

  #conclude(pass: Pass, decision: Decision): Answer {
    const { request, served, login, id, facts } = pass
    const { monotonic } = this.#parts
    const { proved, provedAt, eap, proxy } = login
    const decidedAt = monotonic()
    const built = this.#answer(request, login, decision, id)
    if (built?.outcome === 'accept') login.release?.()
    else {
      login.withdraw?.()
      if (decision.kind === 'accept' && decision.sessionLimit !== undefined) this.#parts.limits?.release(id)
    }
    if (built === undefined) return this.#silenced(pass, tooLong(request))
    const { octets, attributes, outcome } = built
    const repliedAt = monotonic()
    const { user, method, inner } = proved
    const headline: Headline = {
      id,
      outcome,
      reason: built.reason,
      user: user.name,
      method,
      inner,
      rule: decision.rule,
    }
    const make = (): Receipt => ({
      ...headline,
      at: request.receivedAt,
      configVersion: served.version,
      network: networkOrigin(request),
      facts: { ...facts, request: plainRequestFacts(facts.request) },
      decided: true,
      origins: {
        user: { source: user.source },
        client: { source: 'configuration' },
        request: { source: 'request' },
        time: { source: 'clock' },
      },
      profiles: decision.profiles,
      shadow: decision.shadow,
      reply: readableReply(attributes),
      eap,
      proxy,
      timings: {
        verify: microseconds(request.startedAt, request.verifiedAt),
        authenticate: microseconds(request.verifiedAt, provedAt),
        decide: microseconds(provedAt, decidedAt),
        reply: microseconds(decidedAt, repliedAt),
      },
    })
    return { kind: 'reply', octets, sent: () => this.#leave(request, headline, repliedAt, make) }
  }

  fail(request: AccessRequest, served: Served, login: FailedLogin): Answer {
    const refusal = encodeRefusal(request, login.attributes)
    if (refusal === undefined) return this.silence(request, served, { ...login, reason: tooLong(request) })
    const { octets } = refusal
    return { kind: 'reply', octets, sent: this.#failed(request, served, login, 'reject') }
  }

  /** Nobody could check the proof: neither yes nor no, so that the RADIUS client asks another server. */
  silence(request: AccessRequest, served: Served, login: FailedLogin): Answer {
    this.#parts.silenced?.(request.client.name, login.reason)
    return { kind: 'silence', reason: login.reason, sent: this.#failed(request, served, login, 'drop') }
  }

  /**
   * The peer was told that it is refused, `at` some time, and does not answer: the receipt of a reject that nobody fetches.
   */
  unfetched(request: AccessRequest, served: Served, login: FailedLogin, at: number): void {
    this.#failed(request, served, login, 'reject', at)()
  }

  /** Undefined where not even a reject fits. */
  #answer(
    request: AccessRequest,
    login: ProvedLogin,
    decision: Decision,
    id: string,
  ):
    | { octets: Uint8Array; attributes: readonly Attribute[]; outcome: 'accept' | 'reject'; reason: Reason }
    | undefined {
    const built = decision.kind === 'accept' ? this.#accept(request, login, decision, id) : undefined
    if (built?.ok === true) return { ...built, outcome: 'accept', reason: decision.reason }
    const refusal = encodeRefusal(request, [...login.envelope.failure(), ...login.deny()])
    return refusal && { ...refusal, outcome: 'reject', reason: built?.reason ?? decision.reason }
  }

  /** An attribute that cannot be built makes the answer a reject, never an accept without it. */
  #accept(request: AccessRequest, login: ProvedLogin, decision: Decision, id: string): Built {
    const { packet, secret, client } = request
    try {
      const attributes = acceptAttributes({
        id,
        userName: login.userName ?? login.proved.user.name,
        vendor: client.vendor,
        decision,
        envelope: login.envelope.success(),
        grant: login.grant,
      })
      const octets = encodeReply({ code: PacketCode.AccessAccept, request: packet, secret, attributes })
      return { ok: true, octets, attributes }
    } catch (error) {
      return { ok: false, reason: unbuildable(error, decision) }
    }
  }

  /** What is to be done after the answer to a login that failed before the policy was asked. */
  #failed(
    request: AccessRequest,
    served: Served,
    login: FailedLogin,
    outcome: 'reject' | 'drop',
    failedAt = this.#parts.monotonic(),
  ): () => void {
    const { certificate, outerIdentity, user: name, realm, method, inner, eap, proxy } = login
    return () => {
      const user = name ?? outerIdentity
      const headline: Headline = {
        id: this.#parts.ids.next(),
        outcome,
        reason: login.reason,
        user,
        method,
        inner,
      }
      this.#leave(request, headline, failedAt, () => {
        const early = earlyFacts(request, outerIdentity ?? '', served.time)
        return {
          ...headline,
          at: request.receivedAt,
          configVersion: served.version,
          network: networkOrigin(request),
          facts: {
            ...early,
            request: plainRequestFacts(early.request),
            ...(name === undefined || realm === undefined ? {} : { user: { name, realm } }),
            ...(certificate === undefined ? {} : { certificate }),
          },
          decided: false,
          eap,
          proxy,
          timings: {
            verify: microseconds(request.startedAt, request.verifiedAt),
            authenticate: microseconds(request.verifiedAt, failedAt),
          },
        }
      })
    }
  }

  /** Receipt, metrics, and one line that answers: who, through what, which rule, why. */
  #leave(request: AccessRequest, headline: Headline, endedAt: number, make: () => Receipt): void {
    const { journal, log, count } = this.#parts
    const { outcome, id, user, method, inner, rule } = headline
    journal.record(make)
    count(request.client.name, outcome, headline.reason.code, (endedAt - request.startedAt) / 1000)
    const level = outcome === 'accept' ? 'debug' : 'info'
    if (!log.isLevelEnabled(level)) return
    const leftOut = this.#lines.take(endedAt)
    if (leftOut === undefined) return
    const { code } = headline.reason
    const more = leftOut === 0 ? {} : { linesLeftOut: leftOut }
    const line = {
      receipt: id,
      outcome,
      code,
      user,
      client: request.client.name,
      method,
      inner,
      rule,
      ...more,
    }
    log[level](line, render(headline.reason).sentence)
  }
}

function tooLong({ client }: AccessRequest): Reason {
  return reason('reject-too-long', { client: client.name })
}

function networkOrigin({ client, source, packet }: AccessRequest): Receipt['network'] {
  return { client: client.name, address: source.address, port: source.port, packetId: packet.id }
}

function microseconds(from: number, to: number): number {
  return Math.round((to - from) * 1000)
}
