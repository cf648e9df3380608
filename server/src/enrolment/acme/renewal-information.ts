import { toHex } from '@sallyport/bytes'
import { type Certificate, derOrPem, parseCertificate } from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { AccountCall, AcmeAnswer, AcmeParts } from './acme-call.ts'
import { decodeBase64url } from './base64url.ts'
import { nameKeyOf, type OrderedName } from './identifiers.ts'
import { namesOf } from './order-view.ts'
import { type Problem, problem } from './problem.ts'

const DAY = 86_400_000
const ASK_AGAIN_SECONDS = 6 * 3600
/** Certificates of a CA that another one took over from are renewed over this time, not all at once. */
const ROLLOVER = 7 * DAY

/** RFC 9773 section 4.1: `base64url(key identifier of the issuer).base64url(serial)`. */
export function readCertificateId(
  text: string,
): { readonly issuer: Buffer; readonly serial: string } | undefined {
  const [issuer, serial, ...rest] = text.split('.').map(decodeBase64url)
  if (issuer === undefined || serial === undefined || rest.length > 0) return undefined
  if (issuer.length === 0 || issuer.length > 64 || serial.length === 0 || serial.length > 20) return undefined
  return { issuer, serial: toHex(serial) }
}

/** RFC 9773 section 4.2; asked for without an account. */
export async function renewalInformation(
  id: string,
  template: CertificateTemplateConfiguration,
  parts: AcmeParts,
): Promise<AcmeAnswer | Problem> {
  const found = await certificateOf(id, parts)
  if (found === undefined) return problem('malformed', 'acme-certificate-unknown', {}, { status: 404 })
  const window = windowOf(found, template, parts)
  return {
    status: 200,
    headers: { 'retry-after': String(ASK_AGAIN_SECONDS) },
    body: {
      suggestedWindow: {
        start: new Date(window.start).toISOString(),
        end: new Date(window.end).toISOString(),
      },
    },
  }
}

interface Found {
  readonly certificate: Certificate
  readonly isRevoked: boolean
}

async function certificateOf(id: string, { certificates }: AcmeParts): Promise<Found | undefined> {
  const named = readCertificateId(id)
  const record = named === undefined ? undefined : await certificates.find(named.serial)
  if (named === undefined || record === undefined || record.pem === null) return undefined
  const certificate = parseCertificate(derOrPem('CERTIFICATE', record.pem))
  const issuer = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
  if (issuer === undefined || !named.issuer.equals(issuer)) return undefined
  return { certificate, isRevoked: record.status === 'revoked' || record.status === 'held' }
}

function windowOf(
  { certificate, isRevoked }: Found,
  { renewalDays }: CertificateTemplateConfiguration,
  { clock, issuer }: AcmeParts,
): { readonly start: number; readonly end: number } {
  const now = clock.now()
  // A window in the past says: at once (RFC 9773 section 4.2).
  if (isRevoked) return { start: now - 2 * DAY, end: now - DAY }
  const life = certificate.notAfter - certificate.notBefore
  const start =
    certificate.notAfter - Math.min(renewalDays === 0 ? life / 3 : renewalDays * DAY, (life * 2) / 3)
  const usual = { start, end: start + (certificate.notAfter - start) / 2 }
  const current = issuer()
  const signedBy = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
  const isCurrent = signedBy !== undefined && Buffer.from(signedBy).equals(current.keyIdentifier)
  if (isCurrent || current.notBefore < certificate.notBefore) return usual
  const rollover = { start: current.notBefore, end: current.notBefore + ROLLOVER }
  return rollover.end < usual.end ? rollover : usual
}

/** RFC 9773 section 5: an order may say which certificate it takes the place of. @returns its id, or why not */
export async function checkReplaces(
  value: unknown,
  names: readonly OrderedName[],
  { account }: AccountCall,
  parts: AcmeParts,
): Promise<string | Problem | undefined> {
  if (value === undefined) return undefined
  const id = typeof value === 'string' ? value : ''
  const refuse = (detail: string): Problem =>
    problem('malformed', 'acme-replaces-refused', { certificate: id.slice(0, 100), detail })
  const found = await certificateOf(id, parts)
  if (found === undefined) return refuse('there is no such certificate')
  const order = await parts.read.orderBySerial(toHex(found.certificate.serial))
  if (order === undefined || order.account !== account.id) return refuse('this account did not order it')
  const before = new Set(namesOf(order).map(nameKeyOf))
  return names.some((name) => before.has(nameKeyOf(name))) ? id : refuse('it has none of these names')
}
