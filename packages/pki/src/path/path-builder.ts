import { type Certificate, isSelfIssued } from '../certificate/certificate.ts'
import { equalOctets } from '../der/equal-octets.ts'

export interface PathSources {
  readonly anchors: readonly Certificate[]
  /** Certificates that may stand in between, trusted for nothing. */
  readonly intermediates: readonly Certificate[]
}

/** Most certificates that may stand in a path, leaf and anchor included, and most steps one search may take. */
export interface PathLimits {
  readonly depth: number
  readonly steps: number
}

export type DeadEnd =
  | { readonly kind: 'no-issuer'; readonly path: readonly Certificate[] }
  | { readonly kind: 'too-deep'; readonly path: readonly Certificate[] }
  | { readonly kind: 'given-up' }

/**
 * Candidate paths from the leaf to an anchor, leaf first, by names and key identifiers alone (RFC 4158 section 2.4):
 * whether the signatures hold is for the validation to say. Yields the most promising first. The return value tells
 * where the search ended when no candidate was good enough.
 */
export function* candidatePaths(
  leaf: Certificate,
  sources: PathSources,
  limits: PathLimits,
): Generator<readonly Certificate[], DeadEnd> {
  const open: (readonly Certificate[])[] = [[leaf]]
  let deadEnd: DeadEnd = { kind: 'no-issuer', path: [leaf] }
  for (let steps = 0; ; steps++) {
    const path = open.pop()
    if (path === undefined) return deadEnd
    if (steps >= limits.steps) return { kind: 'given-up' }
    const last = path.at(-1) as Certificate // a path holds at least the leaf
    for (const anchor of sources.anchors) if (mayHaveIssued(anchor, last)) yield [...path, anchor]
    const next = sources.intermediates.filter((ca) => mayHaveIssued(ca, last) && !holds(path, ca))
    if (path.length + 2 > limits.depth && next.length > 0) deadEnd = { kind: 'too-deep', path }
    else if (next.length === 0 && deadEnd.kind === 'no-issuer') {
      if (path.length >= deadEnd.path.length) deadEnd = { kind: 'no-issuer', path }
    }
    if (path.length + 2 > limits.depth) continue
    // The last one pushed is tried first: those not self-issued lead away from here.
    for (const ca of next.toSorted((a, b) => Number(isSelfIssued(b)) - Number(isSelfIssued(a))))
      open.push([...path, ca])
  }
}

/** Names chain, and key identifiers do not contradict each other. */
export function mayHaveIssued(issuer: Certificate, certificate: Certificate): boolean {
  if (issuer.subject.key !== certificate.issuer.key) return false
  const wanted = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
  const has = issuer.extensions.subjectKeyIdentifier
  return wanted === undefined || has === undefined || equalOctets(wanted, has)
}

/** The same name and key twice in one path would be a circle (RFC 4158 section 2.4.2). */
function holds(path: readonly Certificate[], ca: Certificate): boolean {
  return path.some((other) => other.subject.key === ca.subject.key && equalOctets(other.spki, ca.spki))
}
