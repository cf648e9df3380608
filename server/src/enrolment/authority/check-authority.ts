import type { KeyObject } from 'node:crypto'
import {
  type Certificate,
  EKU,
  hasIssued,
  keyWeakness,
  nameText,
  sameName,
  validatePath,
} from '@sallyport/pki'
import { RequestError } from '../../kernel/errors.ts'

export interface CheckedAuthority {
  readonly certificate: Certificate
  /** Those above it, the root last. */
  readonly chain: readonly Certificate[]
}

/** More than any hierarchy in the field. */
const MOST_ABOVE = 6

/**
 * Whether certificates from outside make an issuing CA of this key: each check in its turn, so that the first thing that is
 * wrong is told.
 *
 * @throws RequestError 'ca-certificate-refused'
 */
export function checkAuthority(
  certificates: readonly Certificate[],
  publicKey: KeyObject,
  now: number,
): CheckedAuthority {
  const certificate = certificateOf(certificates, publicKey)
  checkExtensions(certificate)
  checkTime(certificate, now)
  const weakness = keyWeakness(publicKey, { minimumRsaBits: 2048 })
  if (weakness !== undefined) throw refused(`its key is too weak: ${weakness}`)
  const chain = chainAbove(certificate, certificates)
  checkRoom(certificate, chain)
  checkPath(certificate, chain, now)
  return { certificate, chain }
}

function certificateOf(certificates: readonly Certificate[], publicKey: KeyObject): Certificate {
  const found = certificates.find((one) => one.publicKey?.equals(publicKey) === true)
  if (found !== undefined) return found
  if (certificates.length === 0) throw refused('there is no certificate in it')
  const names = certificates.map(({ subject }) => nameText(subject)).join('; ')
  throw refused(`none of its certificates belongs to the key (${names})`)
}

function checkExtensions({ extensions }: Certificate): void {
  const { basicConstraints, keyUsage, extendedKeyUsage } = extensions
  if (basicConstraints?.ca !== true) throw refused('its certificate is not that of a CA (no CA:TRUE)')
  for (const usage of ['keyCertSign', 'cRLSign'] as const) {
    if (keyUsage?.has(usage) !== true) throw refused(`its key usage does not have ${usage}`)
  }
  const fits = extendedKeyUsage?.some((usage) => usage === EKU.any) ?? true
  for (const usage of [EKU.clientAuth, EKU.serverAuth]) {
    if (!fits && extendedKeyUsage?.includes(usage) !== true) {
      throw refused(`its extended key usage forbids certificates for ${usage}`)
    }
  }
}

function checkTime({ notBefore, notAfter }: Certificate, now: number): void {
  if (now > notAfter) throw refused(`it ended ${new Date(notAfter).toISOString()}`)
  if (now < notBefore) throw refused(`it begins ${new Date(notBefore).toISOString()}`)
}

function chainAbove(certificate: Certificate, certificates: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = []
  for (let top = certificate; !sameName(top.subject, top.issuer); ) {
    const { issuer } = top
    const above = certificates.find((one) => sameName(one.subject, issuer) && hasIssued(one, top))
    if (above === undefined || chain.length === MOST_ABOVE) {
      throw refused(`the certificate of ${nameText(issuer)} is missing: give every CA up to the root`)
    }
    chain.push(above)
    top = above
  }
  return chain
}

/** Path lengths count for what this CA will issue, so one more than for itself (RFC 5280 section 4.2.1.9). */
function checkRoom(certificate: Certificate, chain: readonly Certificate[]): void {
  for (const [below, { subject, extensions }] of [certificate, ...chain].entries()) {
    const { pathLength } = extensions.basicConstraints ?? {}
    if (pathLength !== undefined && pathLength < below) {
      throw refused(`${nameText(subject)} allows ${pathLength} CAs below it, and there are ${below}`)
    }
  }
}

function checkPath(certificate: Certificate, chain: readonly Certificate[], now: number): void {
  const root = chain.at(-1) ?? certificate
  const verdict = validatePath([certificate.der, ...chain.map(({ der }) => der)], {
    anchors: [root],
    at: now,
    purpose: 'any',
  })
  if (!verdict.ok) throw refused(`its path to the root is not valid: ${verdict.detail}`)
}

export function refused(why: string, cause?: unknown): RequestError {
  return new RequestError(
    'ca-certificate-refused',
    `This cannot become the issuing CA: ${why}.`,
    { why },
    cause,
  )
}
