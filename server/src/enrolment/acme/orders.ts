import type { AcmeAuthorizationTable, AcmeOrderTable } from '../../store/schema.ts'
import { isAllowedName } from '../registration/allowed-names.ts'
import { newId } from './accounts.ts'
import type { AccountCall, AcmeParts, Answer } from './acme-call.ts'
import { generalNameOf, nameKeyOf, nameTextOf, type OrderedName, readIdentifier } from './identifiers.ts'
import { isProblem } from './jws.ts'
import { type Challenge, type ChallengeType, orderBody } from './order-view.ts'
import { type Problem, problem } from './problem.ts'
import { checkReplaces } from './renewal-information.ts'

export const MOST_NAMES = 100
const HOUR = 3_600_000

/** RFC 8555 section 7.4. One name that is not allowed refuses the whole order. */
export async function newOrder(call: AccountCall, parts: AcmeParts): Promise<Answer> {
  const { payload, account, template, links } = call
  const { store, clock, configuration } = parts
  if (payload === undefined) return malformed('newOrder needs a payload')
  if (payload.notBefore !== undefined || payload.notAfter !== undefined) {
    return malformed('the template says how long a certificate is valid: leave notBefore and notAfter out')
  }
  const names = readNames(payload.identifiers)
  if (isProblem(names)) return names
  const refused = refusedNames(names, call)
  if (refused !== undefined) return refused
  const replaces = await checkReplaces(payload.replaces, names, call, parts)
  if (replaces !== undefined && typeof replaces !== 'string') return replaces
  const now = clock.now()
  const expires_at = now + configuration().enrolment.acme.orderHours * HOUR
  const order: AcmeOrderTable = {
    id: newId(),
    account: account.id,
    status: 'pending',
    identifiers: JSON.stringify(names),
    created_at: now,
    expires_at,
    error: null,
    request: null,
    request_id: null,
    serial: null,
    chain: null,
    replaces: replaces ?? null,
  }
  const authorizations = names.map((name, position) => authorizationFor(name, order, position))
  const made = await store.createOrder(order, authorizations)
  if (made === 'too-many')
    return problem('rateLimited', 'acme-limit', { limit: `open orders of account ${account.id}` })
  if (made === 'replaced-already') {
    const detail = 'another order replaces it'
    return problem('alreadyReplaced', 'acme-replaces-refused', { certificate: replaces ?? '', detail })
  }
  parts.log.info(
    { template: template.name, account: account.id, order: order.id, names: names.map(nameTextOf) },
    `ACME order ${order.id} of ${names.length} names.`,
  )
  return {
    status: 201,
    headers: { location: links.order(order.id) },
    body: orderBody(order, authorizations, links, now),
  }
}

function readNames(value: unknown): readonly OrderedName[] | Problem {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  if (list.length === 0) return malformed('identifiers is not a list of names')
  if (list.length > MOST_NAMES) return malformed(`more than ${MOST_NAMES} names`)
  const names = new Map<string, OrderedName>()
  for (const each of list) {
    const name = readIdentifier(each)
    if (typeof name === 'string') {
      const text = typeof each === 'object' && each !== null && 'value' in each ? String(each.value) : ''
      const type = name.startsWith('identifiers of this type')
        ? 'unsupportedIdentifier'
        : 'rejectedIdentifier'
      return problem(type, 'acme-name-refused', { name: text.slice(0, 100), detail: name })
    }
    names.set(nameKeyOf(name), name)
  }
  return [...names.values()]
}

function refusedNames(
  names: readonly OrderedName[],
  { template, account }: AccountCall,
): Problem | undefined {
  const narrowed = JSON.parse(account.names) as readonly string[] // written with the key of the external account
  const devices = names.filter(({ identifier }) => identifier.type === 'permanent-identifier')
  const refused: Problem[] = []
  const refuse = (name: OrderedName, detail: string): void => {
    const { identifier } = name
    refused.push(
      problem('rejectedIdentifier', 'acme-name-refused', { name: nameTextOf(name), detail }, { identifier }),
    )
  }
  for (const name of names) {
    const isDevice = name.identifier.type === 'permanent-identifier'
    if (!isDevice && template.keys.attestation === 'required') {
      refuse(name, `template ${template.name} certifies devices that attest their key`)
    } else if (!isDevice && template.names === 'account') {
      refuse(name, `template ${template.name} takes its names from an account`)
    } else if (isDevice && names.length > 1) {
      refuse(name, `an order for a device has one name, not ${names.length} with ${devices.length} devices`)
    } else if (!isAllowedName(generalNameOf(name), template.allowedNames)) {
      refuse(name, `template ${template.name} does not allow it`)
    } else if (narrowed.length > 0 && !isAllowedName(generalNameOf(name), narrowed)) {
      refuse(name, 'the external account is not for it')
    }
  }
  if (refused.length <= 1) return refused[0]
  return problem(
    'rejectedIdentifier',
    'acme-names-refused',
    { refused: refused.length },
    { subproblems: refused },
  )
}

function authorizationFor(
  name: OrderedName,
  order: AcmeOrderTable,
  position: number,
): AcmeAuthorizationTable {
  const challenges = challengeTypes(name).map((type): Challenge => ({ type, token: newToken() }))
  return {
    id: newId(),
    account: order.account,
    order_id: order.id,
    position,
    identifier: JSON.stringify(name.identifier),
    wildcard: name.wildcard ? 1 : 0,
    status: 'pending',
    expires_at: order.expires_at,
    challenges: JSON.stringify(challenges),
    attempted: null,
    validated_at: null,
    error: null,
    attested_key: null,
  }
}

/** What can prove a name: a wildcard only its zone (RFC 8555 section 7.1.3), an address no zone (RFC 8738 section 7). */
function challengeTypes({ identifier, wildcard }: OrderedName): readonly ChallengeType[] {
  if (identifier.type === 'permanent-identifier') return ['device-attest-01']
  if (identifier.type === 'ip') return ['http-01', 'tls-alpn-01']
  return wildcard ? ['dns-01'] : ['http-01', 'dns-01', 'tls-alpn-01']
}

/** RFC 8555 section 8.1: at least 128 bits. */
function newToken(): string {
  return `${newId()}${newId()}`
}

function malformed(detail: string): Problem {
  return problem('malformed', 'acme-request-malformed', { detail })
}
