import { toHex } from '@sallyport/bytes'
import { type Certificate, type CrlReason, exportSpki, PkiError, parseCertificate } from '@sallyport/pki'
import type { AccountCall, AcmeParts, Answer, SignedCall } from './acme-call.ts'
import { decodeBase64url } from './base64url.ts'
import { ownOrder } from './finalize.ts'
import { nameOfGeneralName } from './identifiers.ts'
import { isProblem } from './jws.ts'
import { type Problem, problem } from './problem.ts'

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\r?\n?/g

/**
 * RFC 8555 section 7.4.2. As a server presents it: without the root, which must be known already; an alternate has it too,
 * for what wants the whole chain in one file.
 */
export async function certificate(
  call: AccountCall,
  id: string,
  alternate: string | undefined,
  parts: AcmeParts,
): Promise<Answer> {
  const order = await ownOrder(call, id, parts)
  if (isProblem(order)) return order
  if (order.chain === null)
    return problem('unauthorized', 'acme-not-yours', { what: 'certificate' }, { status: 404 })
  const all = order.chain.match(PEM_CERTIFICATE) ?? []
  const presented = all.length > 2 ? all.slice(0, -1) : all
  const [body, other] = alternate === undefined ? [presented, `${id}/1`] : [all, id]
  return {
    status: 200,
    headers: {
      'content-type': 'application/pem-certificate-chain',
      link: [`<${call.links.certificate(other)}>;rel="alternate"`],
    },
    body: body.join(''),
  }
}

/** RFC 5280 section 5.3.1, those a holder may give. */
const REASONS: Readonly<Record<number, CrlReason>> = {
  0: 'unspecified',
  1: 'keyCompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  9: 'privilegeWithdrawn',
}

/** RFC 8555 section 7.6: by the account that ordered it, one that proved all its names, or the key of the certificate. */
export async function revokeCertificate(
  call: SignedCall & Partial<AccountCall>,
  parts: AcmeParts,
): Promise<Answer> {
  const shown = readShown(call.payload?.certificate)
  if (isProblem(shown)) return shown
  const serial = toHex(shown.serial)
  const record = await parts.certificates.find(serial)
  if (record === undefined || record.fingerprint !== shown.fingerprint) {
    return problem('malformed', 'acme-certificate-unknown', {}, { status: 404 })
  }
  if (!(await mayRevoke(call, shown, serial, parts))) {
    return problem('unauthorized', 'acme-not-yours', { what: 'certificate' })
  }
  const number = call.payload?.reason ?? 0
  const why = typeof number === 'number' ? REASONS[number] : undefined
  if (why === undefined) {
    return problem('badRevocationReason', 'acme-revocation-reason-refused', {
      number: String(number).slice(0, 20),
    })
  }
  const by = call.account === undefined ? 'the key of the certificate' : `ACME account ${call.account.id}`
  if (record.status === 'revoked' || !(await parts.revoke(serial, why, by))) {
    return problem('alreadyRevoked', 'acme-certificate-revoked', { serial })
  }
  parts.log.info({ serial, reason: why, by, from: call.from }, `Certificate ${serial} was revoked by ${by}.`)
  return { status: 200 }
}

function readShown(value: unknown): Certificate | Problem {
  const octets = decodeBase64url(value)
  const refuse = (): Problem =>
    problem('malformed', 'acme-request-malformed', {
      detail: 'certificate is not a certificate in base64url',
    })
  if (octets === undefined) return refuse()
  try {
    return parseCertificate(octets)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return refuse()
  }
}

async function mayRevoke(
  { account, key }: SignedCall & Partial<AccountCall>,
  shown: Certificate,
  serial: string,
  { read, clock }: AcmeParts,
): Promise<boolean> {
  if (account === undefined) return Buffer.from(shown.spki).equals(exportSpki(key.key))
  const order = await read.orderBySerial(serial)
  if (order !== undefined && order.account === account.id) return true
  const names = (shown.extensions.subjectAltName ?? []).map(nameOfGeneralName)
  if (names.length === 0) return false
  for (const name of names) {
    if (name === undefined) return false
    const identifier = JSON.stringify(name.identifier)
    if (!(await read.hasProved(account.id, identifier, name.wildcard ? 1 : 0, clock.now()))) return false
  }
  return true
}
