import { toHex } from '@sallyport/bytes'
import { keyWeakness } from '../algorithms/public-key.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { type Crl, type CrlScope, verifyCrlSignature } from '../crl/crl.ts'
import type { RevokedEntry } from '../crl/revoked-certificates.ts'
import { equalOctets } from '../der/equal-octets.ts'
import type { PathReason } from './path-reason.ts'
import type { SignatureRules } from './signature-rules.ts'
import { signatureWeakness, verifyIssuedBy } from './signature-rules.ts'

export interface RevocationInputs {
  readonly crls: readonly Crl[]
  /** `available`: where a CRL of the issuer is at hand it must be good and is obeyed; `required`: there must be one. */
  readonly mode: 'off' | 'available' | 'required'
  readonly at: number
  readonly rules: SignatureRules
}

type Refusal = Extract<RevocationStatus, { ok: false }>

export type RevocationStatus =
  | { readonly ok: true; readonly validUntil: number }
  | {
      readonly ok: false
      readonly reason: PathReason
      readonly detail: string
      readonly revocation?: RevokedEntry
    }

/**
 * RFC 5280 section 6.3, with delta CRLs where they are at hand. `issuers`: the CA certificates that may vouch for the key of a CRL, that is the
 * rest of the path from the certificate's issuer up to the anchor; `others`: certificates among which another key of
 * the same CA may be found (PKITS 4.4.19).
 */
export function checkRevocation(
  certificate: Certificate,
  issuers: readonly Certificate[],
  others: readonly Certificate[],
  inputs: RevocationInputs,
): RevocationStatus {
  const { crls, mode, at, rules } = inputs
  if (mode === 'off') return { ok: true, validUntil: Infinity }
  const lists = crls.filter((crl) => crl.issuer.key === certificate.issuer.key && isInScope(crl, certificate))
  const usableUntil = (crl: Crl) => usability(crl, at, rules) ?? vouchedUntil(crl, issuers, others, inputs)
  let validUntil = Infinity
  let problem: Refusal | undefined
  let checked = false
  for (const crl of lists) {
    const until = crl.baseNumber === undefined ? usableUntil(crl) : DELTA_ALONE
    if (typeof until !== 'number') {
      problem ??= until
      continue
    }
    // A delta that cannot be used changes nothing: the complete list holds to its own end.
    const delta = newestDelta(crl, lists, usableUntil)
    const changed = delta?.crl.revoked.get(certificate.serial)
    const entry = changed ?? crl.revoked.get(certificate.serial)
    if (entry !== undefined && changed?.reason !== 'removeFromCRL') {
      const since = new Date(entry.revokedAt).toISOString()
      return {
        ok: false,
        reason: 'revoked',
        detail: `revoked since ${since}: ${entry.reason}`,
        revocation: entry,
      }
    }
    checked = true
    validUntil = Math.min(validUntil, until, delta?.until ?? Infinity)
  }
  if (checked) return { ok: true, validUntil }
  if (problem !== undefined) return problem
  if (mode === 'available') return { ok: true, validUntil: Infinity }
  return { ok: false, reason: 'crl-missing', detail: 'no CRL of the issuer is at hand' }
}

/**
 * The newest delta that may be put on top of a complete list: of the same scope and key, made for a base that is not
 * newer than the list, and newer than the list itself (sections 5.2.4 and 6.3.3 (c)).
 */
function newestDelta(
  complete: Crl,
  lists: readonly Crl[],
  usableUntil: (crl: Crl) => number | Refusal,
): { readonly crl: Crl; readonly until: number } | undefined {
  let newest: { readonly crl: Crl; readonly until: number } | undefined
  for (const crl of lists) {
    if (!isDeltaTo(crl, complete)) continue
    if (newest !== undefined && numberOf(crl) <= numberOf(newest.crl)) continue
    const until = usableUntil(crl)
    if (typeof until === 'number') newest = { crl, until }
  }
  return newest
}

function isDeltaTo(delta: Crl, complete: Crl): boolean {
  if (delta.baseNumber === undefined || delta.number === undefined || complete.number === undefined)
    return false
  if (BigInt(`0x${delta.baseNumber}`) > numberOf(complete) || numberOf(delta) <= numberOf(complete))
    return false
  return sameKey(delta, complete) && sameScope(delta.scope, complete.scope)
}

function numberOf({ number = '0' }: Crl): bigint {
  return BigInt(`0x${number}`)
}

function sameKey({ authorityKeyIdentifier: one }: Crl, { authorityKeyIdentifier: other }: Crl): boolean {
  if (one === undefined || other === undefined) return one === other
  return equalOctets(one, other)
}

function sameScope(one: CrlScope, other: CrlScope): boolean {
  const text = ({ distributionPoint = [], ...flags }: CrlScope) =>
    JSON.stringify([flags, distributionPoint.map(toHex)])
  return text(one) === text(other)
}

/** Lists that speak about other certificates are no lists for this one (section 6.3.3 (b)(2)). */
function isInScope({ scope }: Crl, certificate: Certificate): boolean {
  const isCa = certificate.extensions.basicConstraints?.ca === true
  if (scope.onlyAttributeCertificates) return false
  if (scope.onlyUserCertificates && isCa) return false
  if (scope.onlyCaCertificates && !isCa) return false
  if (scope.distributionPoint === undefined) return true
  const points = certificate.extensions.crlDistributionPoints ?? []
  return scope.distributionPoint.some((name) =>
    points.some((point) => point.encodedNames.some((other) => equalOctets(name, other))),
  )
}

function usability(crl: Crl, at: number, rules: SignatureRules): Refusal | undefined {
  const [unknown] = crl.unknownCritical
  if (unknown !== undefined) return refuse('crl-unsupported', `critical extension ${unknown} in the CRL`)
  if (crl.scope.onlySomeReasons) return refuse('crl-unsupported', 'the CRL covers some reasons only')
  if (crl.scope.indirect) return refuse('crl-unsupported', 'indirect CRL')
  if (crl.nextUpdate === undefined) return refuse('crl-unsupported', 'the CRL names no next update')
  if (at < crl.thisUpdate) {
    return refuse('crl-not-yet-valid', `the CRL begins ${new Date(crl.thisUpdate).toISOString()}`)
  }
  if (at > crl.nextUpdate) {
    return refuse(
      'crl-expired',
      `the CRL should have been replaced ${new Date(crl.nextUpdate).toISOString()}`,
    )
  }
  const weakness = signatureWeakness(crl.signatureAlgorithm, rules)
  return weakness === undefined ? undefined : refuse('crl-signature-invalid', weakness)
}

/**
 * Until when the CRL is good: to its next update where the CA itself signed, to the end of its certificate at most where
 * another key did that a CA of the path certifies under the same name.
 */
function vouchedUntil(
  crl: Crl,
  issuers: readonly Certificate[],
  others: readonly Certificate[],
  inputs: RevocationInputs,
): number | Refusal {
  const [issuer] = issuers
  const end = crl.nextUpdate ?? inputs.at
  if (issuer !== undefined && hasSigned(issuer, crl)) return end
  const delegate = others.find((other) => isDelegate(other, crl, issuers, inputs) && hasSigned(other, crl))
  return delegate === undefined ? UNSIGNED : Math.min(end, delegate.notAfter)
}

/** A certificate for a CRL key: the CA's own name, expressly for signing CRLs, good by all that a CA of the path says. */
function isDelegate(
  other: Certificate,
  crl: Crl,
  issuers: readonly Certificate[],
  inputs: RevocationInputs,
): boolean {
  const { at, rules } = inputs
  if (other.subject.key !== crl.issuer.key || other.extensions.keyUsage?.has('cRLSign') !== true) return false
  if (at < other.notBefore || at > other.notAfter || other.extensions.unknownCritical.length > 0) return false
  if (keyWeakness(other.publicKey, rules) !== undefined) return false
  const vouching = issuers.findIndex((ca) => verifyIssuedBy(other, ca, rules))
  if (vouching < 0) return false
  // Nobody else signs a CRL about this one: a delegate of a delegate would be a circle.
  return checkRevocation(other, issuers.slice(vouching), [], { ...inputs, mode: 'available' }).ok
}

/** RFC 5280 section 6.3.3 (f), (g): where key usage is given it must name cRLSign. */
function hasSigned(issuer: Certificate, crl: Crl): boolean {
  const { keyUsage } = issuer.extensions
  if (keyUsage !== undefined && !keyUsage.has('cRLSign')) return false
  return issuer.publicKey !== undefined && verifyCrlSignature(crl, issuer.publicKey)
}

function refuse(reason: PathReason, detail: string): Refusal {
  return { ok: false, reason, detail }
}

const UNSIGNED = refuse('crl-signature-invalid', 'not signed by the issuer of the certificate')
const DELTA_ALONE = refuse('crl-unsupported', 'a delta CRL without the complete CRL it changes')
