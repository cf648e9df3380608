import { keyWeakness } from '../algorithms/public-key.ts'
import { type Certificate, isSelfIssued, parseCertificate } from '../certificate/certificate.ts'
import type { NameConstraints } from '../certificate/certificate-extensions.ts'
import type { Crl } from '../crl/crl.ts'
import { nameText } from '../names/distinguished-name.ts'
import { PkiError } from '../pki-error.ts'
import { nameConstraintViolation } from './name-constraints.ts'
import { candidatePaths, type DeadEnd } from './path-builder.ts'
import type { PathProblem, PathReason } from './path-reason.ts'
import { PolicyGraph, type PolicyInputs } from './policy-graph.ts'
import { type Purpose, purposeViolation } from './purpose.ts'
import { checkRevocation } from './revocation.ts'
import { hasValidSignature, type SignatureRules, signatureWeakness } from './signature-rules.ts'

export interface PathOptions {
  /** CAs declared trusted; an intermediate CA may be one. Their validity and constraints count (RFC 5937). */
  readonly anchors: readonly Certificate[]
  /** Further certificates that may stand between leaf and anchor; those the peer sent are used anyway. */
  readonly intermediates?: readonly Certificate[]
  readonly crls?: readonly Crl[]
  /** `available` (default): CRLs at hand are obeyed; `required`: each certificate needs one. */
  readonly revocation?: 'off' | 'available' | 'required'
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly purpose: Purpose
  /** Takes a leaf with anyExtendedKeyUsage, or without the extension, for a purpose. Default: false. */
  readonly acceptAnyPurpose?: boolean
  /** Most certificates in a path, leaf and anchor included. Default: 8. */
  readonly maximumDepth?: number
  readonly minimumRsaBits?: number
  readonly allowSha1?: boolean
  readonly policy?: PolicyInputs
}

export type PathVerdict =
  | {
      readonly ok: true
      /** Leaf first, anchor last. */
      readonly path: readonly Certificate[]
      /** Between these two instants the verdict stays the same for the same inputs. */
      readonly validFrom: number
      readonly validUntil: number
      /** The certificate policies the path is good for (RFC 5280 section 6.1.6), in the anchor's words. */
      readonly policies: readonly string[]
    }
  | ({ readonly ok: false } & PathProblem)

/** A search may take this many steps: more than any honest chain, few enough to cost less than a handshake. */
const MOST_STEPS = 64
const MOST_PATHS = 8
const MOST_CERTIFICATES = 32

/**
 * Builds and validates a certification path (RFC 5280 section 6.1) for the chain a peer sent: DER, leaf first.
 * Never throws for what a peer can send. The peer's possession of the leaf's private key is not checked here.
 */
export function validatePath(chain: readonly Uint8Array[], options: PathOptions): PathVerdict {
  if (chain.length > MOST_CERTIFICATES)
    return refuse('too-complex', 0, `${chain.length} certificates in the chain`)
  const certificates: Certificate[] = []
  for (const [index, der] of chain.entries()) {
    try {
      certificates.push(parseCertificate(der))
    } catch (error) {
      if (error instanceof PkiError) return refuse('malformed', index, error.message)
      throw error
    }
  }
  const [leaf, ...sent] = certificates
  if (leaf === undefined) return refuse('malformed', 0, 'no certificate')
  return validateCertificate(leaf, sent, options)
}

/** As `validatePath`, for certificates that are parsed already. */
export function validateCertificate(
  leaf: Certificate,
  sent: readonly Certificate[],
  options: PathOptions,
): PathVerdict {
  const intermediates = [...sent, ...(options.intermediates ?? [])]
  const search = candidatePaths(
    leaf,
    { anchors: options.anchors, intermediates },
    { depth: options.maximumDepth ?? 8, steps: MOST_STEPS },
  )
  let best: Extract<PathVerdict, { ok: false }> | undefined
  for (let tried = 0; ; tried++) {
    const candidate = search.next()
    // A path that reached an anchor and failed says more than one that reached none.
    if (candidate.done === true) return best ?? deadEndVerdict(candidate.value)
    if (tried >= MOST_PATHS) return best ?? refuse('too-complex', 0, 'too many possible paths')
    const verdict = validateCandidate(candidate.value, intermediates, options)
    if (verdict.ok) return verdict
    // The nearer to the leaf the trouble is, the further the path held.
    if (best === undefined || verdict.certificate < best.certificate) best = verdict
  }
}

function deadEndVerdict(end: DeadEnd): PathVerdict {
  if (end.kind === 'given-up') return refuse('too-complex', 0, 'too many possible paths')
  const index = end.path.length - 1
  const last = end.path[index] as Certificate // a path holds at least the leaf
  if (end.kind === 'too-deep')
    return refuse('path-too-long', index, `more than ${end.path.length + 1} certificates`)
  const issuer = `'${nameText(last.issuer)}'`
  if (index > 0 && !isSelfIssued(last)) {
    return refuse('chain-incomplete', index, `the issuer ${issuer} is neither trusted nor sent`)
  }
  return refuse('untrusted-ca', index, `the CA ${issuer} is not trusted`)
}

/** What holds for the whole walk, and what it learns on the way down. */
interface Walk {
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

type Check = (walk: Walk, index: number) => Omit<PathProblem, 'certificate'> | undefined

/** Section 6.1.3, for every certificate below the anchor. */
const BASIC_CHECKS: readonly Check[] = [
  checkSignature,
  checkValidity,
  checkNotRevoked,
  checkNameConstraints,
  checkPolicies,
  checkCriticalExtensions,
]

/** Section 6.1.4, for every certificate that has another one below it. */
const ISSUER_CHECKS: readonly Check[] = [checkIsCa, checkPathLength, checkKeyStrength, preparePolicies]

/** The anchor, which section 6.1 takes as mere name and key: RFC 5937 asks for its constraints, OpenSSL for its dates. */
const ANCHOR_CHECKS: readonly Check[] = [
  checkValidity,
  checkCriticalExtensions,
  checkIsCa,
  checkPathLength,
  checkKeyStrength,
]

/** Section 6.1.5, and what the purpose asks of the leaf. */
const LEAF_CHECKS: readonly Check[] = [checkKeyStrength, checkPurpose]

function validateCandidate(
  path: readonly Certificate[],
  others: readonly Certificate[],
  options: PathOptions,
): PathVerdict {
  const walk: Walk = {
    options,
    rules: { minimumRsaBits: options.minimumRsaBits ?? 2048, allowSha1: options.allowSha1 ?? false },
    path,
    others,
    policies: new PolicyGraph(path.length - 1, options.policy ?? {}),
    constraints: [],
    pathLength: Infinity,
    validFrom: -Infinity,
    validUntil: Infinity,
  }
  for (let index = path.length - 1; index >= 0; index--) {
    const isAnchor = index === path.length - 1
    const checks = isAnchor ? ANCHOR_CHECKS : [...BASIC_CHECKS, ...(index > 0 ? ISSUER_CHECKS : LEAF_CHECKS)]
    for (const check of checks) {
      const problem = check(walk, index)
      if (problem !== undefined) return refuse(problem.reason, index, problem.detail)
    }
    const { nameConstraints } = at(walk, index).extensions
    if (nameConstraints !== undefined) walk.constraints.push(nameConstraints)
  }
  const policies = walk.policies.finish(at(walk, 0))
  if (policies === undefined) return refuse('policy', 0, 'no acceptable certificate policy')
  return { ok: true, path, validFrom: walk.validFrom, validUntil: walk.validUntil, policies }
}

/** `index` counts within the path by construction. */
function at(walk: Walk, index: number): Certificate {
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
  if (!status.ok) return because(status.reason, status.detail)
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

function refuse(
  reason: PathReason,
  certificate: number,
  detail: string,
): Extract<PathVerdict, { ok: false }> {
  return { ok: false, reason, certificate, detail }
}
