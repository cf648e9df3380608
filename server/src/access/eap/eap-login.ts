import {
  type EapAnswer,
  type EapFailure,
  type EapMethodName,
  type EapResult,
  EapServer,
  EapType,
  md5Server,
} from '@sallyport/eap'
import { type Attribute, attribute, inspect, MAXIMUM_LENGTH, type PacketView } from '@sallyport/radius'
import { EapMessage, FramedMtu, ProxyState, State } from '@sallyport/radius/attributes'
import type { EapSummary } from '../../journal/index.ts'
import { normaliseMac } from '../../kernel/mac-address.ts'
import { MAB, offer, rejectingRule } from '../../policy/index.ts'
import { definitionOf, type Reason, reason } from '../../reasons/index.ts'
import type { AccessRequest } from '../access-request.ts'
import type { Answer } from '../answer.ts'
import { askingDevice } from '../asking-device.ts'
import type { Conclusion, Envelope, FailedLogin } from '../conclusion.ts'
import type { Conversations } from '../conversations.ts'
import { eapFailure } from '../eap-failure.ts'
import { encodeChallenge } from '../encode-answer.ts'
import { earlyFacts } from '../facts.ts'
import type { MacLogin } from '../mab/mac-login.ts'
import { MAC_VERIFIER } from '../mab/mac-verifier.ts'
import type { RecognisedMac } from '../mab/recognise-mac.ts'
import { mskAttributes } from '../mppe.ts'
import type { Served } from '../served.ts'
import { whenReady } from '../when-ready.ts'
import { abandonedReason } from './abandoned-reason.ts'
import { EapConversation } from './eap-conversation.ts'
import { type EapScope, outerTypes } from './eap-methods.ts'
import type { NotNow, ProvedIdentity } from './identity-verifier.ts'
import { type AboutLogin, isAbout, type LoginUnderWay, loginUnderWay } from './login-under-way.ts'
import { withPresented } from './presented-certificate.ts'
import { type Refusal, refusalOf } from './refusal-reason.ts'

/**
 * How long the peer may take to acknowledge that it is refused, until that is written down. No person has to decide
 * anything for it: a device acknowledges within a round trip, or never.
 */
const ACKNOWLEDGEMENT_MILLISECONDS = 3000

/** EAP in RADIUS (RFC 3579): finds the conversation a packet belongs to and carries its answers. */
export class EapLogin {
  readonly #conversations: Conversations<EapConversation>
  readonly #conclusion: Conclusion
  readonly #macs: MacLogin
  readonly #served: () => Served
  readonly #monotonic: () => number
  readonly #broken: (error: unknown) => void

  constructor(parts: {
    readonly conversations: Conversations<EapConversation>
    readonly conclusion: Conclusion
    readonly macs: MacLogin
    readonly served: () => Served
    readonly monotonic: () => number
    /** Told what a method threw: a fault of ours. The login fails. */
    readonly broken: (error: unknown) => void
  }) {
    this.#conversations = parts.conversations
    this.#conclusion = parts.conclusion
    this.#macs = parts.macs
    this.#served = parts.served
    this.#monotonic = parts.monotonic
    this.#broken = parts.broken
  }

  /** `mac`: where this request is MAC authentication bypass; what began otherwise does not become it. */
  receive(request: AccessRequest, eapMessage: Uint8Array, mac?: RecognisedMac): Answer | Promise<Answer> {
    const state = request.packet.get(State)
    const conversation =
      state === undefined
        ? this.#begin(request, mac)
        : this.#conversations.find(state, request.client.name, request.startedAt)
    if (conversation === undefined) return this.#unknownConversation(request)
    if (conversation.silentBecause !== undefined) {
      return { kind: 'silence', reason: conversation.silentBecause }
    }
    conversation.latest = request
    // What the peer sent outlives the datagram: methods keep parts of it.
    const answer = conversation.receive(eapMessage.slice(), linkMtu(request))
    return whenReady(answer, (ready) => this.#answer(request, conversation, ready))
  }

  /** An answer was sent once more: the RADIUS client has not got it, or not in time. */
  repeated(answer: Uint8Array): void {
    const inspected = inspect(answer)
    const state = inspected.ok ? inspected.packet.get(State) : undefined
    if (state !== undefined) this.#conversations.get(state)?.repeated()
  }

  /**
   * To be called about every second. Writes receipts of refusals that the peer does not acknowledge, and ends conversations
   * nobody continued; each leaves a receipt, because silence after our certificate has a cause.
   */
  expire(now: number): void {
    for (const conversation of this.#conversations) {
      const { isRefused, toldAt = now } = conversation
      if (isRefused && now - toldAt > ACKNOWLEDGEMENT_MILLISECONDS) this.#recordTold(conversation, now)
    }
    for (const conversation of this.#conversations.expire(now)) {
      if (!this.#recordTold(conversation, now)) this.#recordAbandoned(conversation, now)
    }
  }

  /** Logins that have no receipt yet: of a user, a client, a device. */
  underWay(about: AboutLogin): LoginUnderWay[] {
    const now = this.#monotonic()
    const logins: LoginUnderWay[] = []
    for (const conversation of this.#conversations) {
      const { isRecorded, silentBecause, standing, latest } = conversation
      if (isRecorded || silentBecause !== undefined) continue
      const told = standing.told && this.#refusal(latest, conversation, standing.told.failure).reason
      const login = loginUnderWay(conversation, told, now)
      if (isAbout(login, about)) logins.push(login)
    }
    return logins
  }

  /** Nobody is answered any more; what peers were told is written down. */
  close(): void {
    const now = this.#monotonic()
    for (const conversation of this.#conversations) this.#recordTold(conversation, now)
    this.#conversations.close()
  }

  /**
   * Many a device does not answer the packet that tells it why (strongSwan after a refused password, others after an alert):
   * the login failed all the same. The conversation stays, so that who answers late gets the Access-Reject. False where
   * nothing was told.
   */
  #recordTold(conversation: EapConversation, now: number): boolean {
    const { standing, toldAt, latest, served, method } = conversation
    if (standing.told === undefined || toldAt === undefined) return false
    if (conversation.isRecorded) return true
    conversation.isRecorded = true
    const seen = seenOf(conversation, method, now)
    const refused = {
      ...this.#refusal(latest, conversation, standing.told.failure),
      ...{ ...seen, eap: { ...seen.eap, unanswered: true }, attributes: [] },
    }
    this.#conclusion.unfetched(latest, served, refused, toldAt)
    return true
  }

  #recordAbandoned(conversation: EapConversation, now: number): void {
    if (conversation.silentBecause !== undefined) return
    const { client, identity, method, served, latest, startedAt, standing, presented } = conversation
    const seconds = Math.round((now - startedAt) / 1000)
    const framedMtu = latest.packet.get(FramedMtu)
    const silent = this.#conclusion.silence(latest, served, {
      reason: abandonedReason({ client, user: identity, seconds, framedMtu, standing, presented }),
      ...seenOf(conversation, method, now),
      attributes: [],
    })
    silent.sent?.()
  }

  #begin(request: AccessRequest, mac: RecognisedMac | undefined): EapConversation {
    const served = this.#served()
    const { name: client } = request.client
    const scope: EapScope = { device: askingDevice(request), inside: undefined, serverCertificate: undefined }
    const server = new EapServer({
      methods: mac === undefined ? served.eapMethods : MAC_METHODS,
      offer: (identity) => {
        if (mac !== undefined) return normaliseMac(identity) === mac.mac ? [EapType.Md5Challenge] : []
        const offered = offer(served.policy, earlyFacts(request, identity, served.time))
        scope.inside = offered.inside
        scope.serverCertificate = served.serverCertificates.choose(client, identity)
        conversation.isHopeless = offered.outer.length === 0
        return outerTypes(offered.outer)
      },
      scope,
    })
    const conversation: EapConversation = new EapConversation({
      state: this.#conversations.newState(),
      client: request.client.name,
      startedAt: request.startedAt,
      served,
      server,
      scope,
      first: request,
      mac,
    })
    const givenUp = this.#conversations.add(conversation)
    if (givenUp !== undefined) this.#recordTold(givenUp, this.#monotonic())
    return conversation
  }

  #answer(
    request: AccessRequest,
    conversation: EapConversation,
    answer: EapAnswer,
  ): Answer | Promise<Answer> {
    switch (answer.kind) {
      case 'request':
        return this.#challenge(request, conversation, answer.packet)
      case 'done':
        return this.#done(request, conversation, answer.result)
      case 'failure':
        return this.#failed(request, conversation, answer)
      case 'unavailable': {
        const known = answer.cause as NotNow | undefined // IdentityVerifier puts it there, if anybody
        const why = known?.reason ?? reason('source-unavailable', { user: conversation.identity })
        // It stays in the table to its end, so that the same packet is not called one of an unknown conversation.
        conversation.silentBecause = why
        return this.#conclusion.silence(request, conversation.served, {
          reason: why,
          certificate: known?.certificate,
          outerIdentity: conversation.identity,
          attributes: [],
        })
      }
      case 'ignore':
        // Nobody was told its State, so nobody can come back to it.
        if (!conversation.hasAsked) this.#conversations.remove(conversation)
        return { kind: 'silence', reason: refusalOf(answer.reason, conversation.identity ?? '').reason }
    }
  }

  #challenge(request: AccessRequest, conversation: EapConversation, eap: Uint8Array): Answer {
    const attributes = [attribute(EapMessage, eap), attribute(State, conversation.state)]
    const octets = encodeChallenge(request, attributes)
    if (octets !== undefined) {
      conversation.answered(this.#monotonic)
      return { kind: 'reply', octets }
    }
    const { identity: user, method } = conversation
    const { name: client } = request.client
    return this.#fail(request, conversation, {
      reason: reason('challenge-too-long', { client, user }),
      ...seenOf(conversation, method, this.#monotonic()),
      attributes: eapAttribute(eapFailure(request.packet.get(EapMessage) ?? new Uint8Array(0))),
    })
  }

  /** The end of a conversation that failed. It leaves one receipt, be it answered late. */
  #fail(request: AccessRequest, conversation: EapConversation, login: FailedLogin): Answer {
    this.#conversations.remove(conversation)
    const answer = this.#conclusion.fail(request, conversation.served, login)
    return conversation.isRecorded ? withoutReceipt(answer) : answer
  }

  #done(request: AccessRequest, conversation: EapConversation, result: EapResult): Answer | Promise<Answer> {
    return conversation.mac === undefined
      ? this.#userDone(request, conversation, result)
      : this.#macDone(request, conversation, conversation.mac, result)
  }

  #macDone(
    request: AccessRequest,
    conversation: EapConversation,
    mac: RecognisedMac,
    result: EapResult,
  ): Answer | Promise<Answer> {
    const answer = this.#macs.answer(request, this.#served(), mac, {
      envelope: envelopeOf(conversation),
      summary: conversation.summary(this.#monotonic(), result),
    })
    this.#conversations.remove(conversation)
    return answer
  }

  #userDone(
    request: AccessRequest,
    conversation: EapConversation,
    result: EapResult,
  ): Answer | Promise<Answer> {
    const identity = result.proof as ProvedIdentity // what IdentityVerifier put there
    const { authentication, certificate } = identity
    const { outcome } = authentication
    if (outcome.kind !== 'authenticated')
      throw new TypeError('an EAP method accepted a proof that does not hold')
    const now = this.#monotonic()
    const answer = this.#conclusion.decide(request, this.#served(), {
      proved: {
        user: outcome.user,
        realm: authentication.realm ?? '',
        method: result.method,
        inner: result.inner,
        outerIdentity: conversation.identity ?? '',
        tlsVersion: result.tls?.version,
        resumed: result.tls?.resumed ?? false,
        certificate,
      },
      grant: () => (result.keys === undefined ? [] : mskAttributes(result.keys.msk)),
      deny: () => [],
      envelope: envelopeOf(conversation),
      eap: conversation.summary(now, result),
      release: outcome.isProvedOnce === true ? undefined : result.release,
      withdraw: result.withdraw,
      provedAt: now,
    })
    this.#conversations.remove(conversation)
    return whenReady(answer, (ready) => {
      // Not before: the answer carries keys made of them.
      result.keys?.msk.fill(0)
      result.keys?.emsk.fill(0)
      return ready
    })
  }

  #failed(
    request: AccessRequest,
    conversation: EapConversation,
    failed: { readonly reason: EapFailure; readonly method?: EapMethodName },
  ): Answer {
    if (failed.reason.code === 'internal') this.#broken(failed.reason.cause)
    const refusal: Refusal = conversation.isHopeless
      ? { reason: hopeless(request, conversation) }
      : this.#refusal(request, conversation, failed.reason)
    return this.#fail(request, conversation, {
      ...refusal,
      ...seenOf(conversation, failed.method, this.#monotonic()),
      attributes: eapAttribute(conversation.failure()),
    })
  }

  #refusal(
    { client, receivedAt }: AccessRequest,
    { identity, presented }: EapConversation,
    failure: EapFailure,
  ): Refusal {
    const refusal = refusalOf(failure, identity ?? '')
    const why = withLogin(refusal.reason, client.name, identity)
    return { ...refusal, reason: withPresented(why, presented, { now: receivedAt }) }
  }

  /** No EAP-Failure: its identifier would have to match a conversation we know nothing of. */
  #unknownConversation(request: AccessRequest): Answer {
    const why = reason('conversation-unknown', { client: request.client.name })
    return this.#conclusion.fail(request, this.#served(), { reason: why, attributes: [] })
  }
}

/** With EAP-MD5 the name is the password, and both are the MAC address. */
const MAC_METHODS = new Map([[EapType.Md5Challenge, md5Server({ verifier: MAC_VERIFIER })]])

function envelopeOf(conversation: EapConversation): Envelope {
  return {
    success: () => eapAttribute(conversation.success()),
    failure: () => eapAttribute(conversation.failure()),
  }
}

/** What was seen of a login that failed; `method` is undefined where none was begun. */
function seenOf(
  conversation: EapConversation,
  method: EapMethodName | undefined,
  now: number,
): Pick<FailedLogin, 'outerIdentity' | 'method'> & { readonly eap: EapSummary } {
  return {
    outerIdentity: conversation.identity,
    method: conversation.mac === undefined ? method : MAB,
    eap: { ...conversation.summary(now), method },
  }
}

function withoutReceipt(answer: Answer): Answer {
  return answer.kind === 'reply'
    ? { kind: 'reply', octets: answer.octets }
    : { kind: 'silence', reason: answer.reason }
}

/** Nothing was offered: a rule rejects for certain, or none accepts. */
function hopeless(request: AccessRequest, { served, identity }: EapConversation): Reason {
  const { policy, time } = served
  const rule = rejectingRule(policy, earlyFacts(request, identity ?? '', time))
  return rule === undefined
    ? reason('no-rule-matched', { rules: policy.rules.length })
    : reason('rejected-by-rule', { rule })
}

/** What EAP found wrong, with whose login it was, where the code has room for it. */
function withLogin(why: Reason, client: string, user: string | undefined): Reason {
  const { values } = definitionOf(why.code)
  if (values.client !== 'text?' || values.user !== 'text?') return why
  // Both are declared for this code, as the line above found; the compiler does not join the union.
  return { code: why.code, values: { ...why.values, client, user } } as Reason
}

function eapAttribute(packet: Uint8Array): Attribute[] {
  return [attribute(EapMessage, packet)]
}

/** RFC 3579 section 2.4: Framed-MTU is what the link carries; EAP needs at least 1020 (RFC 3748 section 3.1). */
function linkMtu({ packet }: AccessRequest): number {
  const framed = packet.get(FramedMtu) ?? DEFAULT_MTU
  const largest = packet.hasType(PROXY_STATE) ? Math.min(LARGEST_MTU, roomBeside(packet)) : LARGEST_MTU
  return Math.max(Math.min(framed, largest), SMALLEST_MTU)
}

/** Every Proxy-State comes back in a challenge (RFC 2865 section 5.33), beside header, signature and State. */
function roomBeside(packet: PacketView): number {
  let room = MAXIMUM_LENGTH - CHALLENGE_OVERHEAD
  for (const { type, octets } of packet.attributes()) {
    if (type === PROXY_STATE) room -= 2 + octets.length
  }
  // An EAP-Message attribute carries 253 octets behind two of its own.
  return Math.floor((room * 253) / 255) - 2
}

const PROXY_STATE = ProxyState.path[0] as number
const CHALLENGE_OVERHEAD = 20 + 18 + 20
const DEFAULT_MTU = 1400
const SMALLEST_MTU = 128
/** A RADIUS packet has 4096 octets, and the other attributes need some of them. */
const LARGEST_MTU = 2048
