import { type Attribute, attribute, PacketCode, RadiusError } from '@sallyport/radius'
import { Class, EapMessage, ReplyMessage, State, UserName } from '@sallyport/radius/attributes'
import type { IdentifiedUser } from '../../identity/source.ts'
import type { ProxySummary } from '../../journal/index.ts'
import { PROXIED } from '../../policy/methods.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { AccessRequest } from '../access-request.ts'
import type { Answer } from '../answer.ts'
import type { Conclusion } from '../conclusion.ts'
import type { Conversations } from '../conversations.ts'
import { readDirectLogin } from '../direct/direct-login.ts'
import { eapFailure } from '../eap-failure.ts'
import { encodeChallenge } from '../encode-answer.ts'
import { NO_DIALIN_PERMISSION } from '../mschap-error.ts'
import type { Served } from '../served.ts'
import type { CarriedAttribute } from './carried-attributes.ts'
import { forwardedRequest } from './forwarded-request.ts'
import type { LoopMark } from './loop-mark.ts'
import { ProxyConversation, summaryOf } from './proxy-conversation.ts'
import type { RealmProxy } from './realm-proxy.ts'
import { contradiction, returnedAccept, returnedRefusal } from './returned-reply.ts'
import { pathOfAttribute } from './rewriting.ts'
import { silenceReason } from './silence-reason.ts'
import { factsOf } from './upstream-check.ts'
import type { GroupAnswer, Upstreams } from './upstreams.ts'

type Reply = Extract<GroupAnswer, { kind: 'reply' }>

/** One request under way: whose it is, and the conversation it goes on with. */
interface Login {
  readonly request: AccessRequest
  readonly served: Served
  readonly proxy: RealmProxy
  readonly user: string
  readonly outerIdentity: string
  readonly conversation: ProxyConversation | undefined
}

/**
 * Logins that another RADIUS server checks. A conversation is passed on whole or not at all: State, which is ours toward
 * the device and the upstream's toward the upstream, keeps it together. An accept of the upstream is a proof, as a right
 * password is: the rules decide what it is worth.
 */
export class ProxyDoor {
  readonly #upstreams: Upstreams
  readonly #conversations: Conversations<ProxyConversation>
  readonly #conclusion: Conclusion
  readonly #served: () => Served
  readonly #monotonic: () => number
  readonly #mark: LoopMark

  constructor(parts: {
    readonly upstreams: Upstreams
    readonly conversations: Conversations<ProxyConversation>
    readonly conclusion: Conclusion
    readonly served: () => Served
    readonly monotonic: () => number
    readonly mark: LoopMark
  }) {
    this.#upstreams = parts.upstreams
    this.#conversations = parts.conversations
    this.#conclusion = parts.conclusion
    this.#served = parts.served
    this.#monotonic = parts.monotonic
    this.#mark = parts.mark
  }

  /** Undefined: the request is for this server itself. */
  receive(request: AccessRequest): Promise<Answer> | Answer | undefined {
    const served = this.#served()
    if (served.proxies.size === 0 && this.#conversations.size === 0) return undefined
    const state = request.packet.get(State)
    const login = state === undefined ? this.#begin(request, served) : this.#goOn(request, served, state)
    if (login === undefined) return undefined
    const { conversation } = login
    if (conversation?.isBusy === true)
      return { kind: 'silence', reason: reason('duplicate-request', { client: request.client.name }) }
    return this.#forward(login)
  }

  expire(now: number): void {
    this.#conversations.expire(now)
  }

  #begin(request: AccessRequest, served: Served): Login | undefined {
    const outerIdentity = request.packet.get(UserName)
    if (outerIdentity === undefined) return undefined
    const choice = served.realms.choose(outerIdentity)
    if (choice.kind !== 'realm') return undefined
    const proxy = served.proxies.get(choice.realm.name)
    if (proxy === undefined) return undefined
    return { request, served, proxy, user: choice.user, outerIdentity, conversation: undefined }
  }

  /** A State that is no conversation of ours never starts one: the local way refuses it. */
  #goOn(request: AccessRequest, served: Served, state: Uint8Array): Login | undefined {
    const conversation = this.#conversations.find(state, request.client.name, request.startedAt)
    if (conversation === undefined) return undefined
    const { proxy, user, outerIdentity } = conversation
    return { request, served, proxy, user, outerIdentity, conversation }
  }

  async #forward(login: Login): Promise<Answer> {
    const { request, proxy, user, conversation } = login
    const { packet, secret, source, client } = request
    const circle = this.#mark.complaint(packet)
    if (circle !== undefined)
      return this.#refuse(login, reason('proxy-loop', { client: client.name, detail: circle }))
    // RFC 3579 section 2.1: the same in every request. Else one name would be proved and another one decided about.
    if (packet.get(UserName) !== login.outerIdentity) {
      const detail = 'User-Name is not the one the conversation began with'
      return this.#refuse(login, reason('request-not-forwardable', { group: proxy.group, detail }))
    }
    const forwarded = forwardedRequest({
      packet,
      secret,
      sourceAddress: source.address,
      proxy,
      user,
      mark: this.#mark,
      state: conversation?.upstreamState,
    })
    if (!forwarded.ok)
      return this.#refuse(
        login,
        reason('request-not-forwardable', { group: proxy.group, detail: forwarded.detail }),
      )
    try {
      return await this.#answer(login, await this.#ask(login, forwarded.attributes))
    } catch (error) {
      if (!(error instanceof RadiusError)) throw error
      const why = reason('request-not-forwardable', { group: proxy.group, detail: error.message })
      return this.#refuse(login, why)
    }
  }

  /** A conversation keeps to its server: no other one knows of it. */
  async #ask({ proxy, conversation }: Login, carried: readonly CarriedAttribute[]): Promise<GroupAnswer> {
    const attributes = carried.map(({ attribute: each }) => each)
    const code = PacketCode.AccessRequest
    if (conversation === undefined)
      return this.#upstreams.ask(proxy.group, 'authentication', code, attributes)
    const { port } = conversation
    conversation.isBusy = true
    try {
      const answer = await port.ask(code, attributes)
      conversation.rounds++
      if (answer.kind === 'silent')
        return { kind: 'silent', tried: [{ upstream: port.upstream.name, answer }] }
      conversation.attempts += answer.attempts
      return { ...answer, port }
    } finally {
      conversation.isBusy = false
    }
  }

  #answer(login: Login, answer: GroupAnswer): Answer | Promise<Answer> {
    const { request, served, proxy } = login
    if (answer.kind === 'silent') {
      const why = silenceReason(proxy.group, answer)
      return this.#conclusion.silence(request, served, { ...this.#failure(login, why), attributes: [] })
    }
    switch (answer.packet.code) {
      case PacketCode.AccessAccept:
        return this.#accepted(login, answer)
      case PacketCode.AccessChallenge:
        return this.#challenged(login, answer)
      default:
        return this.#rejected(login, answer)
    }
  }

  #challenged(login: Login, reply: Reply): Answer {
    const { request, proxy, user, outerIdentity } = login
    const returned = returnedRefusal(reply.packet, reply.hiding)
    const fault = returned.ok ? this.#contradiction('challenge', login, reply) : returned.detail
    if (!returned.ok || fault !== undefined) return this.#unusable(login, reply, fault ?? '')
    const state = login.conversation?.state ?? this.#conversations.newState()
    const octets = encodeChallenge(request, [...plain(returned.attributes), attribute(State, state)])
    if (octets === undefined) {
      const { name: client } = request.client
      return this.#refuse(login, reason('challenge-too-long', { client, user: outerIdentity }), reply)
    }
    const { conversation } = login
    if (conversation !== undefined) conversation.upstreamState = returned.state
    else {
      const begun = new ProxyConversation({
        state,
        client: request.client.name,
        startedAt: request.startedAt,
        proxy,
        user,
        outerIdentity,
        port: reply.port,
        upstreamState: returned.state,
        attempts: reply.attempts,
      })
      this.#conversations.add(begun)
    }
    return { kind: 'reply', octets }
  }

  #accepted(login: Login, reply: Reply): Answer | Promise<Answer> {
    const { request, served, proxy, outerIdentity } = login
    const returned = returnedAccept(reply.packet, reply.hiding, proxy)
    const fault = returned.ok ? this.#contradiction('accept', login, reply) : returned.detail
    if (!returned.ok || fault !== undefined) return this.#unusable(login, reply, fault ?? '')
    this.#end(login)
    const name = this.#provedName(login, reply)
    const { eap, granted } = separate(returned.attributes)
    const eapMessage = request.packet.get(EapMessage)
    const user: IdentifiedUser = {
      id: `${proxy.group}/${name.user}`,
      name: name.user,
      source: proxy.group,
      groups: [],
      attributes: factsOf(reply.packet),
    }
    return this.#conclusion.decide(request, served, {
      proved: { user, realm: proxy.realm, method: PROXIED, outerIdentity },
      userName: name.whole,
      grant: (decided) => withoutPlaces(granted, decided),
      deny: () => refusalOfDirect(request),
      envelope: {
        success: () => eap,
        failure: () => (eapMessage === undefined ? [] : [attribute(EapMessage, eapFailure(eapMessage))]),
      },
      proxy: this.#summary(login, reply),
      provedAt: this.#monotonic(),
    })
  }

  #rejected(login: Login, reply: Reply): Answer {
    const { request, proxy, user } = login
    const returned = returnedRefusal(reply.packet, reply.hiding)
    const fault = returned.ok ? this.#contradiction('reject', login, reply) : returned.detail
    if (!returned.ok || fault !== undefined) return this.#unusable(login, reply, fault ?? '')
    const message = reply.packet.getAll(ReplyMessage).join(' ').slice(0, 200)
    const why = reason('upstream-rejected', {
      user,
      realm: proxy.realm,
      upstream: reply.port.upstream.name,
      message: message === '' ? undefined : message,
    })
    const eapMessage = request.packet.get(EapMessage)
    const hasFailure = reply.packet.hasType(EAP_MESSAGE)
    const added =
      eapMessage === undefined || hasFailure ? [] : [attribute(EapMessage, eapFailure(eapMessage))]
    return this.#refuse(login, why, reply, [...plain(returned.attributes), ...added])
  }

  #unusable(login: Login, reply: Reply, detail: string): Answer {
    const upstream = reply.port.upstream.name
    return this.#refuse(login, reason('upstream-reply-unusable', { upstream, detail }), reply)
  }

  #refuse(login: Login, why: Reason, reply?: Reply, attributes?: readonly Attribute[]): Answer {
    const { request, served } = login
    this.#end(login)
    const eapMessage = request.packet.get(EapMessage)
    const failure = eapMessage === undefined ? [] : [attribute(EapMessage, eapFailure(eapMessage))]
    return this.#conclusion.fail(request, served, {
      ...this.#failure(login, why, reply),
      attributes: attributes ?? failure,
    })
  }

  #failure(login: Login, why: Reason, reply?: Reply) {
    const { outerIdentity, user, proxy } = login
    const summary = reply === undefined ? undefined : this.#summary(login, reply)
    return { reason: why, outerIdentity, user, realm: proxy.realm, method: PROXIED, proxy: summary } as const
  }

  #summary({ request, proxy, conversation }: Login, reply: Reply): ProxySummary {
    const startedAt = conversation?.startedAt ?? request.startedAt
    return summaryOf({
      group: proxy.group,
      upstream: reply.port.upstream.name,
      rounds: conversation?.rounds ?? 1,
      attempts: conversation?.attempts ?? reply.attempts,
      milliseconds: this.#monotonic() - startedAt,
    })
  }

  #contradiction(kind: Parameters<typeof contradiction>[0], { request }: Login, reply: Reply) {
    return contradiction(kind, reply.packet, request.packet.hasType(EAP_MESSAGE))
  }

  /**
   * An upstream may say who hides behind an anonymous identity, but only within the realm that was its to answer. The whole
   * name goes back to the device: accounting, which comes with it, finds its way to the same upstream.
   */
  #provedName({ served, proxy, user, outerIdentity }: Login, reply: Reply): { user: string; whole: string } {
    const told = reply.packet.get(UserName)
    const choice = told === undefined ? undefined : served.realms.choose(told)
    if (told !== undefined && choice?.kind === 'realm' && choice.realm.name === proxy.realm)
      return { user: choice.user, whole: told }
    return { user, whole: outerIdentity }
  }

  #end({ conversation }: Login): void {
    if (conversation !== undefined) this.#conversations.remove(conversation)
  }
}

const EAP_MESSAGE = EapMessage.path[0] as number
const CLASS = Class.path.join('.')
const USER_NAME = UserName.path[0] as number

function plain(carried: readonly CarriedAttribute[]): Attribute[] {
  return carried.map(({ attribute: each }) => each)
}

/** EAP-Success goes where an envelope goes; the name is told by the conclusion. */
function separate(carried: readonly CarriedAttribute[]) {
  const eap: Attribute[] = []
  const granted: CarriedAttribute[] = []
  for (const each of carried) {
    if (each.path[0] === EAP_MESSAGE) eap.push(each.attribute)
    else if (each.path[0] !== USER_NAME) granted.push(each)
  }
  return { eap, granted }
}

/** What the rules grant stands above what the upstream does: of one attribute only one of the two is sent. */
function withoutPlaces(granted: readonly CarriedAttribute[], decided: readonly Attribute[]): Attribute[] {
  const places = new Set(decided.map((each) => pathOfAttribute(each).join('.')))
  // Both sides need theirs back in accounting (RFC 2865 section 5.25).
  places.delete(CLASS)
  return plain(granted.filter(({ path }) => !places.has(path.join('.'))))
}

/** MS-CHAP tells its peer why (RFC 2759 section 6). */
function refusalOfDirect({ packet, secret }: AccessRequest): readonly Attribute[] {
  const read = packet.hasType(EAP_MESSAGE) ? undefined : readDirectLogin(packet, secret)
  return read?.ok === true ? read.login.onReject(NO_DIALIN_PERMISSION) : []
}
