import {
  type Attribute,
  attribute,
  attributeFromText,
  encodeReply,
  encodeRequest,
  inspect,
  PacketCode,
  RadiusError,
} from '@sallyport/radius'
import { UserName } from '@sallyport/radius/attributes'
import type { EarlierProof } from '../identity/source.ts'
import { RequestError } from '../kernel/errors.ts'
import { type Decision, explain, type Method, type RuleTrace } from '../policy/index.ts'
import { type Reason, render } from '../reasons/index.ts'
import { acceptAttributes, unbuildable } from './accept-attributes.ts'
import type { AccessRequest } from './access-request.ts'
import { decisionFacts } from './facts.ts'
import { outcomeReason } from './outcome-reason.ts'
import { DICTIONARY, readableReply } from './readable-attributes.ts'
import type { Judgement } from './served.ts'
import type { ServedClient } from './served-client.ts'

/** An answer as it would go out. What only a real login adds (keys, EAP-Success) is not there. */
export interface DryReply {
  readonly outcome: 'accept' | 'reject'
  readonly reason: Reason
  /** In the order of the packet; empty on a reject. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  /** Length of the packet. */
  readonly octets: number
}

/** A login that did not happen: everything a decision looks at, without a proof. */
export interface DryLogin {
  /** As the peer would write it, realm and all. */
  readonly user: string
  readonly method: Exclude<Method, 'mab'>
  readonly inner?: Method | undefined
  /** In place of those the user has; then the user need not exist. */
  readonly groups?: readonly string[] | undefined
  /** Of the request, by dictionary name. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  /** Where the request would come from. */
  readonly address: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface DryDecision {
  readonly reply: DryReply
  readonly user: string
  readonly realm: string
  readonly groups: readonly string[]
  readonly rule?: string | undefined
  readonly profiles: readonly string[]
  /** Each rule tried; absent where the account would not have come so far. */
  readonly rules?: readonly RuleTrace[]
}

/** A receipt id of the length of a real one: the packet is as long as it would be. */
const NO_RECEIPT = 'dry-run'.padEnd(26, '0')

/** Builds the answer to an accept as `conclusion.ts` does; sends nothing. */
export function dryReply(decision: Decision, userName: string, client: ServedClient): DryReply {
  const request = dryRequest(client, [attribute(UserName, userName)])
  try {
    const attributes = acceptAttributes({
      id: NO_RECEIPT,
      userName,
      vendor: client.vendor,
      decision,
      envelope: [],
      grant: () => [],
    })
    const code = PacketCode.AccessAccept
    const octets = encodeReply({ code, request, secret: secretOf(client), attributes })
    const { reason } = decision
    return { outcome: 'accept', reason, attributes: readableReply(attributes), octets: octets.length }
  } catch (error) {
    return rejected(unbuildable(error, decision))
  }
}

/**
 * Decides as a login would be decided: the same account check, facts, rules and answer. Only the proof is taken as given.
 *
 * @throws RequestError where an attribute of the request is none
 */
export async function dryDecision(
  login: DryLogin,
  client: ServedClient,
  { order, policy, time }: Judgement,
): Promise<DryDecision> {
  const { user: userName, method, inner, now } = login
  const earlier: EarlierProof = {
    by: method === 'eap-tls' || inner === 'eap-tls' ? 'certificate' : 'password',
    at: now,
  }
  const { outcome, tried, realm = '', user = userName } = await order.resolve(userName, earlier)
  const found = outcome.kind === 'authenticated' ? outcome.user : undefined
  const about = { user: found?.name ?? user, realm, profiles: [] }
  if (outcome.kind !== 'authenticated' && (login.groups === undefined || outcome.kind !== 'not-found')) {
    const why = outcomeReason({ outcome, tried, realm, user }, userName)
    return { ...about, groups: [], reply: rejected(why) }
  }
  const groups = login.groups ?? found?.groups ?? []
  const given = login.attributes.map(requestAttribute)
  const request = accessRequest(login, client, given)
  const identity = {
    id: 'dry-run',
    name: user,
    source: tried.at(-1)?.source ?? '',
    attributes: {},
    ...found,
    groups,
  }
  const proved = { user: identity, realm, method, inner, outerIdentity: userName }
  const { decision, rules } = explain(policy, decisionFacts(request, proved, time))
  const reply =
    decision.kind === 'accept' ? dryReply(decision, identity.name, client) : rejected(decision.reason)
  return { ...about, groups, reply, rule: decision.rule, profiles: decision.profiles, rules }
}

function rejected(reason: Reason): DryReply {
  return { outcome: 'reject', reason, attributes: [], octets: 0 }
}

function requestAttribute(text: { readonly name: string; readonly value: string }): Attribute {
  try {
    return attributeFromText(DICTIONARY, text)
  } catch (error) {
    if (!(error instanceof RadiusError)) throw error
    throw new RequestError('request-invalid', `${error.message}.`)
  }
}

function accessRequest(
  { user, address, now }: DryLogin,
  client: ServedClient,
  given: readonly Attribute[],
): AccessRequest {
  const packet = dryRequest(client, [attribute(UserName, user), ...given])
  const source = { address, port: 0 }
  return { packet, client, secret: secretOf(client), source, receivedAt: now, startedAt: 0, verifiedAt: 0 }
}

/** A real packet: what reads it is what reads those of the network. */
function dryRequest(client: ServedClient, attributes: readonly Attribute[]) {
  const code = PacketCode.AccessRequest
  const inspected = inspect(encodeRequest({ code, id: 0, secret: secretOf(client), attributes }))
  if (!inspected.ok) throw new TypeError(`a request of ours is malformed: ${inspected.reason}`)
  return inspected.packet
}

function secretOf({ name, secrets }: ServedClient) {
  const secret = secrets.at(-1)
  if (secret === undefined)
    throw new RequestError('request-invalid', `RADIUS client "${name}" has no secret.`)
  return secret
}

/** For a terminal. */
export function formatDryReply({ outcome, reason, attributes, octets }: DryReply): string[] {
  const { sentence, nextStep } = render(reason)
  if (outcome === 'reject') return [`Access-Reject: ${sentence} (${reason.code})`, `Next: ${nextStep}`]
  return [
    `Access-Accept, ${octets} octets, Message-Authenticator first:`,
    ...attributes.map(({ name, value }) => `  ${name} = ${value}`),
  ]
}
