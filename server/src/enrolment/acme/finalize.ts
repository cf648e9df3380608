import { hash } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  type CertificationRequest,
  encodePem,
  exportSpki,
  PkiError,
  parseCertificationRequest,
} from '@sallyport/pki'
import type { AcmeAuthorizationTable, AcmeOrderTable } from '../../store/schema.ts'
import type { EnrolmentOutcome } from '../registration/registration.ts'
import type { Requester } from '../registration/requester.ts'
import type { AccountCall, AcmeParts, Answer } from './acme-call.ts'
import { decodeBase64url } from './base64url.ts'
import { generalNameOf, namesDiffer } from './identifiers.ts'
import { isProblem } from './jws.ts'
import { expiredProblem, hasExpired, namesOf, orderBody } from './order-view.ts'
import { type Problem, problem, problemOf } from './problem.ts'

const LARGEST_REQUEST = 64 * 1024
/** Of an order that waits for an administrator. */
const PENDING_SECONDS = 60

/** RFC 8555 section 7.4. */
export async function finalize(call: AccountCall, id: string, parts: AcmeParts): Promise<Answer> {
  const order = await ownOrder(call, id, parts)
  if (isProblem(order)) return order
  if (hasExpired(order, parts.clock.now())) return expiredProblem(order)
  if (order.status !== 'ready')
    return problem('orderNotReady', 'acme-order-not-ready', { status: order.status })
  const octets = decodeBase64url(call.payload?.csr)
  if (octets === undefined || octets.length === 0 || octets.length > LARGEST_REQUEST) {
    return problem('malformed', 'acme-request-malformed', {
      detail: 'csr is not a certificate request in base64url',
    })
  }
  const authorizations = await parts.read.authorizationsOf(id)
  const wrong = requestProblem(octets, order, authorizations, call)
  if (wrong !== undefined) return wrong
  if (!(await parts.store.beginFinalize(id, octets))) {
    return problem('orderNotReady', 'acme-order-not-ready', { status: 'processing' })
  }
  return await issue(call, { ...order, request: octets, status: 'processing' }, authorizations, parts)
}

/** RFC 8555 section 7.4: an order as it is now. One that waits, or was broken off, is asked for again here. */
export async function showOrder(call: AccountCall, id: string, parts: AcmeParts): Promise<Answer> {
  const order = await ownOrder(call, id, parts)
  if (isProblem(order)) return order
  const authorizations = await parts.read.authorizationsOf(id)
  if (order.status === 'processing') return await issue(call, order, authorizations, parts)
  const body = orderBody(order, authorizations, call.links, parts.clock.now())
  return { status: 200, headers: { location: call.links.order(id) }, body }
}

export async function ownOrder(
  { account }: AccountCall,
  id: string,
  { read }: AcmeParts,
): Promise<AcmeOrderTable | Problem> {
  const order = await read.order(id)
  if (order !== undefined && order.account === account.id) return order
  return problem('unauthorized', 'acme-not-yours', { what: 'order' }, { status: 404 })
}

function requestProblem(
  octets: Uint8Array,
  order: AcmeOrderTable,
  authorizations: readonly AcmeAuthorizationTable[],
  call: AccountCall,
): Problem | undefined {
  const refuse = (detail: string): Problem => problem('badCSR', 'acme-request-differs', { detail })
  let request: CertificationRequest
  try {
    request = parseCertificationRequest(octets)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return refuse('it cannot be read')
  }
  if (request.publicKey === undefined || !request.proofOfPossession)
    return refuse('it is not signed by its own key')
  const differ = namesDiffer(request, namesOf(order))
  if (differ !== undefined) return refuse(differ)
  const spki = exportSpki(request.publicKey)
  // RFC 8555 section 11.1: who has the key of the account must not have that of the certificate by it.
  if (Buffer.from(spki).equals(exportSpki(call.key.key))) return refuse('its key is the key of the account')
  const attested = authorizations.find(({ attested_key }) => attested_key !== null)?.attested_key
  if (attested !== undefined && attested !== hash('sha256', spki, 'hex')) {
    return refuse('its key is not the one the device attested')
  }
  return undefined
}

/** Asking again for the same order gets the same certificate: the transaction is the order. */
async function issue(
  call: AccountCall,
  order: AcmeOrderTable,
  authorizations: readonly AcmeAuthorizationTable[],
  parts: AcmeParts,
): Promise<Answer> {
  const { registration, store, log } = parts
  const requester = await requesterOf(call, order, authorizations, parts)
  const outcome: EnrolmentOutcome | undefined =
    'kind' in requester
      ? requester
      : order.request_id === null
        ? await registration.request({
            protocol: 'acme',
            template: call.template.name,
            requester,
            request: order.request ?? new Uint8Array(),
            transaction: `acme-order-${order.id}`,
          })
        : await registration.result(order.request_id, requester)
  if (outcome === undefined) return problem('serverInternal', 'acme-failed', {}, { status: 503 })
  const about = { account: call.account.id, order: order.id, template: call.template.name, from: call.from }
  switch (outcome.kind) {
    case 'issued': {
      const serial = toHex(outcome.certificate.serial)
      const chain = [outcome.certificate, ...outcome.chain]
        .map(({ der }) => encodePem('CERTIFICATE', der))
        .join('')
      const expires_at = Math.max(outcome.certificate.notAfter, order.expires_at)
      await store.endFinalize(order.id, { status: 'valid', serial, chain, expires_at })
      log.info({ ...about, serial }, `ACME order ${order.id} got certificate ${serial}.`)
      return answer(call, { ...order, status: 'valid', serial, chain, expires_at }, authorizations, parts)
    }
    case 'pending':
      await store.endFinalize(order.id, { status: 'processing', request_id: outcome.id })
      return answer(call, order, authorizations, parts, Math.max(outcome.retryAfterSeconds, PENDING_SECONDS))
    case 'refused': {
      const refused = problemOf('unauthorized', outcome.reason)
      const error = JSON.stringify(refused)
      await store.endFinalize(order.id, { status: 'invalid', error })
      log.warn({ ...about, reason: outcome.reason }, `ACME order ${order.id} was refused.`)
      return refused
    }
    case 'unavailable':
      await store.endFinalize(order.id, { status: 'ready' })
      log.warn({ ...about, reason: outcome.reason }, `ACME order ${order.id} could not be decided now.`)
      return { ...problemOf('serverInternal', outcome.reason), status: 503, retryAfterSeconds: 30 }
  }
}

function answer(
  { links }: AccountCall,
  order: AcmeOrderTable,
  authorizations: readonly AcmeAuthorizationTable[],
  { clock }: AcmeParts,
  retryAfterSeconds?: number,
): Answer {
  return {
    status: 200,
    headers: {
      location: links.order(order.id),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: orderBody(order, authorizations, links, clock.now()),
  }
}

/** Who asks, as ACME proved it; the person a key is bound to as the directory knows them today. */
async function requesterOf(
  { account, from }: AccountCall,
  order: AcmeOrderTable,
  authorizations: readonly AcmeAuthorizationTable[],
  { identities }: AcmeParts,
): Promise<Requester | Extract<EnrolmentOutcome, { kind: 'refused' | 'unavailable' }>> {
  const names = namesOf(order)
  const device = names.find(({ identifier }) => identifier.type === 'permanent-identifier')
  const attested = authorizations.find(({ attested_key }) => attested_key !== null)?.attested_key
  const { account_name: owner, holder_id: holder } = account
  // By the id: the name may have been given to somebody else since.
  const found = owner === null ? undefined : await identities.byId(holder ?? '', owner)
  if (found !== undefined && found.kind !== 'known') return found
  return {
    by: 'acme-account',
    name: owner ?? `ACME account ${account.id}`,
    from,
    boundTemplate: account.template,
    provedNames: names.map(generalNameOf),
    ...(found === undefined ? {} : { identity: found.identity }),
    ...(device === undefined ? {} : { deviceId: device.identifier.value }),
    ...(attested === undefined || attested === null ? {} : { attestedKey: attested }),
  }
}
