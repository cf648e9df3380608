import type { Certificate } from '../../src/certificate/certificate.ts'
import type { Crl } from '../../src/crl/crl.ts'
import type { PathReason } from '../../src/path/path-reason.ts'
import type { PolicyInputs } from '../../src/path/policy-graph.ts'
import type { Entity } from './forge.ts'

/** What a validator is given: certificates from the anchor down to the leaf. */
export interface Chain {
  readonly anchor: Certificate
  /** From the leaf up, without the anchor. */
  readonly chain: readonly Certificate[]
  readonly crls?: readonly Crl[]
  readonly policy?: PolicyInputs
}

/** One case, modelled on the test of this number in NIST's PKITS 1.0.1; the certificates are made on the spot. */
export interface PkitsCase {
  readonly number: string
  readonly title: string
  readonly build: () => Chain
  readonly expect: 'valid' | PathReason
  /** Why OpenSSL comes to another verdict. Without it the two must agree. */
  readonly opensslDiffers?: string
}

/** Entities in the order of the path, anchor first. */
export function path(entities: readonly Entity[], rest: Omit<Chain, 'anchor' | 'chain'> = {}): Chain {
  const [anchor, ...below] = entities.map(({ certificate }) => certificate)
  if (anchor === undefined) throw new Error('a path begins with an anchor')
  return { anchor, chain: below.reverse(), ...rest }
}
