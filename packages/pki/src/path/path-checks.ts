import { keyWeakness } from '../algorithms/public-key.ts'
import { type Certificate, isSelfIssued } from '../certificate/certificate.ts'
import type { NameConstraints } from '../certificate/certificate-extensions.ts'
import { nameText } from '../names/distinguished-name.ts'
import { nameConstraintViolation } from './name-constraints.ts'
import type { PathOptions } from './path-options.ts'
import type { PathProblem, PathReason } from './path-reason.ts'
import type { PolicyGraph } from './policy-graph.ts'
import { purposeViolation } from './purpose.ts'
import { checkRevocation } from './revocation.ts'
import { hasValidSignature, type SignatureRules, signatureWeakness } from './signature-rules.ts'

/** What holds for the whole walk, and what it learns on the way down. */
export interface Walk {
  readonly options: PathOptions
  readonly rules: SignatureRules
  readonly path: readonly Certificate[]
  readonly others: readonly Certificate[]
  readonly policies: PolicyGraph
  readonly constraints: NameConstraints[]
  /** How many more CAs that are not self-issued may follow. */
  pathLength: number
  validFrom: number
  validUntil: number
}

export type Check = (walk: Walk, index: number) => Omit<PathProblem, 'certificate' | 'offender'> | undefined

/** Section 6.1.3, for every certificate below the anchor. */
export const BASIC_CHECKS: readonly Check[] = [
  checkSignature,
  checkValidity,
  checkNotRevoked,
  checkNameConstraints,
  checkPolicies,
  checkCriticalExtensions,
]

/** Section 6.1.4, for every certificate that has another one below it. */
export const ISSUER_CHECKS: readonly Check[] = [checkIsCa, checkPathLength, checkKeyStrength, preparePolicies]

/** The anchor, which section 6.1 takes as mere name and key: RFC 5937 asks for its constraints, OpenSSL for its dates. */
export const ANCHOR_CHECKS: readonly Check[] = [
  checkValidity,
  checkCriticalExtensions,
  checkIsCa,
  checkPathLength,
  checkKeyStrength,
]

/** Section 6.1.5, and what the purpose asks of the leaf. */
export const LEAF_CHECKS: readonly Check[] = [checkKeyStrength, checkPurpose]

/** `index` counts within the path by construction. */
export function at(walk: Walk, index: number): Certificate {
  return walk.path[index] as Certificate
}

function checkSignature(walk: Walk, index: number) {
  const certificate = at(walk, index)
  const weakness = signatureWeakness(certificate.signatureAlgorithm, walk.rules)
  if (weakness !== undefined) return because('weak-signature', weakness)
  if (hasValidSignature(certificate, at(walk, index + 1))) return undefined
  return because('signature-invalid', `not signed by '${nameText(certificate.issuer)}'`)
}

function checkValidity(walk: Walk, index: number) {
  const { notBefore, notAfter } = at(walk, index)
  const now = walk.options.at
  if (now < notBefore) return because('not-yet-valid', `valid from ${new Date(notBefore).toISOString()}`)
  if (now > notAfter) return because('expired', `valid until ${new Date(notAfter).toISOString()}`)
  walk.validFrom = Math.max(walk.validFrom, notBefore)
  walk.validUntil = Math.min(walk.validUntil, notAfter)
  return undefined
}

function checkNotRevoked(walk: Walk, index: number) {
  const { crls = [], revocation = 'available', at: now } = walk.options
  const status = checkRevocation(at(walk, index), walk.path.slice(index + 1), walk.others, {
    crls,
    mode: revocation,
    at: now,
    rules: walk.rules,
  })
  if (!status.ok) return status
  walk.validUntil = Math.min(walk.validUntil, status.validUntil)
  return undefined
}

/** A self-issued CA certificate is exempt, the leaf never (section 6.1.3 (b)). */
function checkNameConstraints(walk: Walk, index: number) {
  const certificate = at(walk, index)
  if (index > 0 && isSelfIssued(certificate)) return undefined
  const violation = nameConstraintViolation(certificate, walk.constraints)
  return violation === undefined ? undefined : because('name-constraint', violation)
}

function checkPolicies(walk: Walk, index: number) {
  const number = walk.path.length - 1 - index
  if (walk.policies.process(at(walk, index), number)) return undefined
  return because('policy', 'no acceptable certificate policy')
}

function preparePolicies(walk: Walk, index: number) {
  const number = walk.path.length - 1 - index
  if (walk.policies.prepareNext(at(walk, index), number)) return undefined
  return because('policy', 'policy mapping to or from anyPolicy')
}

function checkCriticalExtensions(walk: Walk, index: number) {
  const [unknown] = at(walk, index).extensions.unknownCritical
  return unknown === undefined ? undefined : because('critical-extension', `critical extension ${unknown}`)
}

/** Sections 6.1.4 (k) and (n). Without the extension, versions 1 and 2 included, nobody is a CA. */
function checkIsCa(walk: Walk, index: number) {
  const certificate = at(walk, index)
  const { basicConstraints, keyUsage, extendedKeyUsage } = certificate.extensions
  const isTrustedRoot = index === walk.path.length - 1 && certificate.version < 3
  if (basicConstraints?.ca !== true && !isTrustedRoot)
    return because('not-a-ca', 'basicConstraints does not say CA')
  if (keyUsage !== undefined && !keyUsage.has('keyCertSign'))
    return because('not-a-ca', 'key usage lacks keyCertSign')
  const violation = purposeViolation(walk.options.purpose, { extendedKeyUsage }, true)
  return violation === undefined ? undefined : because('wrong-eku', violation)
}

/** Sections 6.1.4 (l) and (m). */
function checkPathLength(walk: Walk, index: number) {
  const certificate = at(walk, index)
  const isAnchor = index === walk.path.length - 1
  if (!isAnchor && !isSelfIssued(certificate)) {
    if (walk.pathLength <= 0) return because('path-too-long', 'a CA above allows no further CA')
    walk.pathLength--
  }
  walk.pathLength = Math.min(walk.pathLength, certificate.extensions.basicConstraints?.pathLength ?? Infinity)
  return undefined
}

function checkKeyStrength(walk: Walk, index: number) {
  const weakness = keyWeakness(at(walk, index).publicKey, walk.rules)
  return weakness === undefined ? undefined : because('weak-key', weakness)
}

function checkPurpose(walk: Walk, index: number) {
  const { purpose, acceptAnyPurpose = false } = walk.options
  const { extensions } = at(walk, index)
  const violation = purposeViolation(purpose, extensions, acceptAnyPurpose)
  if (violation !== undefined) return because('wrong-eku', violation)
  if (purpose === 'any' || extensions.keyUsage === undefined || extensions.keyUsage.has('digitalSignature')) {
    return undefined
  }
  return because('wrong-key-usage', 'key usage lacks digitalSignature')
}

function because(reason: PathReason, detail: string) {
  return { reason, detail }
}
