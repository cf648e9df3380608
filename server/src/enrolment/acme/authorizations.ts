import { hash } from 'node:crypto'
import type { AcmeAuthorizationTable } from '../../store/schema.ts'
import type { AccountCall, AcmeParts, Answer } from './acme-call.ts'
import { ATTEMPT_MILLISECONDS } from './acme-store.ts'
import { checkAttestation } from './attestation/check-attestation.ts'
import { nameTextOf } from './identifiers.ts'
import { isProblem } from './jws.ts'
import { authorizationBody, type Challenge, challengeBody, challengesOf, nameOf } from './order-view.ts'
import { type Problem, problem } from './problem.ts'

/** Clients that ask how far a challenge is need not ask more often. */
const POLL_SECONDS = '1'

/** RFC 8555 sections 7.5 and 7.5.2. */
export async function authorization(call: AccountCall, id: string, parts: AcmeParts): Promise<Answer> {
  const row = await ownAuthorization(call, id, parts)
  if (isProblem(row)) return row
  if (call.payload?.status !== undefined) {
    if (call.payload.status !== 'deactivated' || !(await parts.store.deactivateAuthorization(id))) {
      return problem('malformed', 'acme-request-malformed', {
        detail: 'an authorization that is pending or valid can be set to deactivated, nothing else',
      })
    }
    return {
      status: 200,
      body: authorizationBody({ ...row, status: 'deactivated' }, call.links, parts.clock.now()),
    }
  }
  await resume(call, row, parts)
  return {
    status: 200,
    ...(row.status === 'pending' ? { headers: { 'retry-after': POLL_SECONDS } } : {}),
    body: authorizationBody(row, call.links, parts.clock.now()),
  }
}

/** A try that nobody finished, because a node died: clients only ask how it went, so asking is what begins it again. */
async function resume(call: AccountCall, row: AcmeAuthorizationTable, parts: AcmeParts): Promise<void> {
  const now = parts.clock.now()
  const { attempted, status, validated_at: begunAt } = row
  if (status !== 'pending' || attempted === null || (begunAt ?? 0) > now - ATTEMPT_MILLISECONDS) return
  const chosen = challengesOf(row).find(({ type }) => type === attempted)
  if (chosen === undefined || chosen.type === 'device-attest-01' || parts.validator.isFull) return
  if (await parts.store.beginAttempt(row.id, attempted, now)) begin(call, row, chosen, parts)
}

/** RFC 8555 section 7.5.1: the client has put in place what the challenge asks for. */
export async function challenge(
  call: AccountCall,
  id: string,
  type: string,
  parts: AcmeParts,
): Promise<Answer> {
  const row = await ownAuthorization(call, id, parts)
  if (isProblem(row)) return row
  const chosen = challengesOf(row).find((each) => each.type === type)
  if (chosen === undefined) return notFound()
  const headers = {
    link: [`<${call.links.authorization(id)}>;rel="up"`],
    ...(row.status === 'pending' ? { 'retry-after': POLL_SECONDS } : {}),
  }
  // A POST-as-GET looks; a payload, `{}` as a rule, says "go".
  if (call.payload === undefined || row.status !== 'pending') {
    return { status: 200, headers, body: challengeBody(row, chosen, call.links) }
  }
  if (parts.validator.isFull) {
    return problem(
      'rateLimited',
      'acme-limit',
      { limit: 'names that wait to be looked at' },
      { retryAfterSeconds: 30 },
    )
  }
  const now = parts.clock.now()
  const begun = await parts.store.beginAttempt(id, type, now)
  if (!begun) {
    const current = (await parts.store.authorization(id)) ?? row
    return { status: 200, headers, body: challengeBody(current, chosen, call.links) }
  }
  const attempted = { ...row, attempted: type, validated_at: now }
  if (chosen.type === 'device-attest-01') {
    const ended = await attest(call, attempted, chosen, parts)
    return { status: 200, headers, body: challengeBody(ended, chosen, call.links) }
  }
  begin(call, attempted, chosen, parts)
  return { status: 200, headers, body: challengeBody(attempted, chosen, call.links) }
}

function begin(call: AccountCall, row: AcmeAuthorizationTable, chosen: Challenge, parts: AcmeParts): void {
  void look(call, row, chosen, parts).catch((error: unknown) =>
    parts.log.error({ err: error, authorization: row.id }, 'What a challenge came to could not be stored.'),
  )
}

async function look(
  call: AccountCall,
  row: AcmeAuthorizationTable,
  chosen: Challenge,
  parts: AcmeParts,
): Promise<void> {
  if (chosen.type === 'device-attest-01') return
  const name = nameOf(row)
  const keyAuthorization = `${chosen.token}.${call.key.thumbprint}`
  const found = await parts.validator.prove({
    name,
    challenge: chosen.type,
    token: chosen.token,
    keyAuthorization,
  })
  await end(call, row, chosen, found, null, parts)
}

async function attest(
  call: AccountCall,
  row: AcmeAuthorizationTable,
  chosen: Challenge,
  parts: AcmeParts,
): Promise<AcmeAuthorizationTable> {
  const keyAuthorization = `${chosen.token}.${call.key.thumbprint}`
  const attested = await checkAttestation(call.payload ?? {}, {
    device: nameOf(row).identifier.value,
    token: chosen.token,
    keyAuthorization,
    roots: parts.configuration().enrolment.acme.attestationRoots,
    now: parts.clock.now(),
  })
  if (isProblem(attested)) return await end(call, row, chosen, attested, null, parts)
  const key = hash('sha256', attested.spki, 'hex')
  return await end(call, row, chosen, undefined, key, parts)
}

async function end(
  { account, from }: AccountCall,
  row: AcmeAuthorizationTable,
  { type }: Challenge,
  found: Problem | undefined,
  attestedKey: string | null,
  { store, clock, log }: AcmeParts,
): Promise<AcmeAuthorizationTable> {
  const outcome = {
    status: found === undefined ? ('valid' as const) : ('invalid' as const),
    validated_at: clock.now(),
    error: found === undefined ? null : JSON.stringify(found),
    attested_key: attestedKey,
  }
  await store.endAttempt(row.id, outcome)
  const name = nameTextOf(nameOf(row))
  const about = { account: account.id, order: row.order_id, name, challenge: type, from }
  if (found === undefined) log.info(about, `${name} was proved by ${type}.`)
  else log.warn({ ...about, reason: found.reason }, `${name} was not proved by ${type}.`)
  return { ...row, ...outcome }
}

async function ownAuthorization(
  { account }: AccountCall,
  id: string,
  { read }: AcmeParts,
): Promise<AcmeAuthorizationTable | Problem> {
  const row = await read.authorization(id)
  return row === undefined || row.account !== account.id ? notFound() : row
}

/** Somebody else's and nobody's look alike. */
function notFound(): Problem {
  return problem('unauthorized', 'acme-not-yours', { what: 'authorization or challenge' }, { status: 404 })
}
