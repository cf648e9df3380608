import type { AcmeAuthorizationTable, AcmeOrderTable } from '../../store/schema.ts'
import { nameTextOf, type OrderedName } from './identifiers.ts'
import type { Links } from './links.ts'
import { type Identifier, type Problem, problem, problemDocument } from './problem.ts'

export interface Challenge {
  readonly type: ChallengeType
  readonly token: string
}

export type ChallengeType = 'http-01' | 'dns-01' | 'tls-alpn-01' | 'device-attest-01'

const OPEN: readonly string[] = ['pending', 'ready']

export function hasExpired(order: AcmeOrderTable, now: number): boolean {
  return OPEN.includes(order.status) && order.expires_at <= now
}

/** Names of an order as they were written by newOrder. */
export function namesOf(order: AcmeOrderTable): readonly OrderedName[] {
  return JSON.parse(order.identifiers) as OrderedName[] // written by newOrder alone
}

export function challengesOf(row: AcmeAuthorizationTable): readonly Challenge[] {
  return JSON.parse(row.challenges) as Challenge[] // written by newOrder alone
}

export function nameOf(row: AcmeAuthorizationTable): OrderedName {
  return { identifier: JSON.parse(row.identifier) as Identifier, wildcard: row.wildcard === 1 } // written by newOrder alone
}

/** RFC 8555 section 7.1.3. */
export function orderBody(
  order: AcmeOrderTable,
  authorizations: readonly AcmeAuthorizationTable[],
  links: Links,
  now: number,
): object {
  const expired = hasExpired(order, now)
  const error = expired ? expiredProblem(order) : storedProblem(order.error)
  return {
    status: expired ? 'invalid' : order.status,
    expires: new Date(order.expires_at).toISOString(),
    identifiers: namesOf(order).map((name) => ({ type: name.identifier.type, value: nameTextOf(name) })),
    authorizations: authorizations.map(({ id }) => links.authorization(id)),
    finalize: links.to(`order/${order.id}/finalize`),
    ...(order.replaces === null ? {} : { replaces: order.replaces }),
    ...(error === undefined ? {} : { error: problemDocument(error) }),
    ...(order.status === 'valid' ? { certificate: links.certificate(order.id) } : {}),
  }
}

export function expiredProblem(order: AcmeOrderTable): Problem {
  return problem(
    'malformed',
    'acme-order-expired',
    { expiredAt: new Date(order.expires_at).toISOString() },
    { status: 403 },
  )
}

/** RFC 8555 section 7.1.4. */
export function authorizationBody(row: AcmeAuthorizationTable, links: Links, now: number): object {
  const isFinal = row.status !== 'pending'
  const shown = challengesOf(row).filter(
    ({ type }) => !isFinal || row.attempted === null || row.attempted === type,
  )
  return {
    status: row.expires_at <= now && ['pending', 'valid'].includes(row.status) ? 'expired' : row.status,
    expires: new Date(row.expires_at).toISOString(),
    identifier: nameOf(row).identifier,
    ...(row.wildcard === 1 ? { wildcard: true } : {}),
    challenges: shown.map((challenge) => challengeBody(row, challenge, links)),
  }
}

/** RFC 8555 section 8. */
export function challengeBody(row: AcmeAuthorizationTable, { type, token }: Challenge, links: Links): object {
  const attempted = row.attempted === type
  const status = challengeStatus(row, attempted)
  const error = attempted ? storedProblem(row.error) : undefined
  return {
    type,
    url: links.challenge(row.id, type),
    token,
    status,
    ...(status === 'valid' && row.validated_at !== null
      ? { validated: new Date(row.validated_at).toISOString() }
      : {}),
    ...(error === undefined ? {} : { error: problemDocument(error) }),
  }
}

function challengeStatus(row: AcmeAuthorizationTable, attempted: boolean): string {
  if (!attempted) return 'pending'
  if (row.status === 'pending') return 'processing'
  return row.status === 'invalid' ? 'invalid' : 'valid'
}

function storedProblem(text: string | null): Problem | undefined {
  return text === null ? undefined : (JSON.parse(text) as Problem) // written by this folder alone
}
