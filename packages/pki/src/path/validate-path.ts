import { type Certificate, isSelfIssued, parseCertificate } from '../certificate/certificate.ts'
import { nameText } from '../names/distinguished-name.ts'
import { PkiError } from '../pki-error.ts'
import { candidatePaths, type DeadEnd } from './path-builder.ts'
import { ANCHOR_CHECKS, at, BASIC_CHECKS, ISSUER_CHECKS, LEAF_CHECKS, type Walk } from './path-checks.ts'
import type { PathOptions } from './path-options.ts'
import type { PathProblem, PathReason } from './path-reason.ts'
import { PolicyGraph } from './policy-graph.ts'

export type PathVerdict =
  | {
      readonly ok: true
      /** Leaf first, anchor last. */
      readonly path: readonly Certificate[]
      /** The latest notBefore of the path. */
      readonly validFrom: number
      /** Until then the verdict stays the same for the same inputs: the first notAfter or nextUpdate of all that counted. */
      readonly validUntil: number
      /** The certificate policies the path is good for (RFC 5280 section 6.1.6), in the anchor's words. */
      readonly policies: readonly string[]
    }
  | Refused

type Refused = { readonly ok: false } & PathProblem

/** A search may take this many steps: more than any honest chain, few enough to cost less than a handshake. */
const MOST_STEPS = 64
const MOST_PATHS = 8
const MOST_CERTIFICATES = 32
/** Leaf and anchor included. Real PKIs are three or four deep. */
const MOST_DEEP = 12

/**
 * Builds and validates a certification path (RFC 5280 section 6.1) for the chain a peer sent: DER, leaf first.
 * Never throws for what a peer can send. The peer's possession of the leaf's private key is not checked here.
 */
export function validatePath(chain: readonly Uint8Array[], options: PathOptions): PathVerdict {
  const parsed = parseChain(chain)
  return parsed.ok ? validateCertificate(parsed.leaf, parsed.sent, options) : parsed
}

/** The chain a peer sent, parsed once for several calls of `validateCertificate`. */
export type ParsedChain =
  | { readonly ok: true; readonly leaf: Certificate; readonly sent: readonly Certificate[] }
  | Refused

export function parseChain(chain: readonly Uint8Array[]): ParsedChain {
  if (chain.length > MOST_CERTIFICATES) return refuse('too-complex', 0, `${chain.length} certificates sent`)
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
  return leaf === undefined ? refuse('malformed', 0, 'no certificate') : { ok: true, leaf, sent }
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
    { depth: options.maximumDepth ?? MOST_DEEP, steps: MOST_STEPS },
  )
  let best: Refused | undefined
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

function deadEndVerdict(end: DeadEnd): Refused {
  if (end.kind === 'given-up') return refuse('too-complex', 0, 'too many possible paths')
  const index = end.path.length - 1
  const last = end.path[index] as Certificate // a path holds at least the leaf
  if (end.kind === 'too-deep') {
    return refuse('path-too-long', index, `more than ${end.path.length + 1} certificates`, last)
  }
  const issuer = `'${nameText(last.issuer)}'`
  if (index > 0 && !isSelfIssued(last)) {
    return refuse('chain-incomplete', index, `the issuer ${issuer} is neither trusted nor sent`, last)
  }
  return refuse('untrusted-ca', index, `the CA ${issuer} is not trusted`, last)
}

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
      if (problem !== undefined)
        return { ...problem, ok: false, certificate: index, offender: at(walk, index) }
    }
    const { nameConstraints } = at(walk, index).extensions
    if (nameConstraints !== undefined) walk.constraints.push(nameConstraints)
  }
  const policies = walk.policies.finish(at(walk, 0))
  if (policies === undefined) return refuse('policy', 0, 'no acceptable certificate policy', at(walk, 0))
  return { ok: true, path, validFrom: walk.validFrom, validUntil: walk.validUntil, policies }
}

function refuse(reason: PathReason, certificate: number, detail: string, offender?: Certificate): Refused {
  return { ok: false, reason, certificate, detail, ...(offender !== undefined && { offender }) }
}
