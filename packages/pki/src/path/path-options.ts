import type { Certificate } from '../certificate/certificate.ts'
import type { Crl } from '../crl/crl.ts'
import type { PolicyInputs } from './policy-graph.ts'
import type { Purpose } from './purpose.ts'

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
  /** Most certificates in a path, leaf and anchor included. Default: 12. */
  readonly maximumDepth?: number
  readonly minimumRsaBits?: number
  readonly allowSha1?: boolean
  readonly policy?: PolicyInputs
}
