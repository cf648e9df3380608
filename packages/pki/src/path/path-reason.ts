import type { Certificate } from '../certificate/certificate.ts'
import type { RevokedEntry } from '../crl/revoked-certificates.ts'

/**
 * Why a path is refused. Codes are stable: administrators see them, and a catalogue gives each a sentence and a next
 * step. `certificate` counts from the leaf (0) towards the anchor.
 */
export const PATH_REASONS = [
  /** Octets that are no certificate, or a certificate that breaks RFC 5280 in its form. */
  'malformed',
  /** The path ends at a CA that nobody has declared trusted. */
  'untrusted-ca',
  /** Intermediate certificates were sent, and the issuer of the last one is not known. */
  'chain-incomplete',
  /** The search for a path was given up: more certificates with the same names than anybody needs. */
  'too-complex',
  'signature-invalid',
  'expired',
  'not-yet-valid',
  'revoked',
  /** No CRL of the issuer, although revocation must be checked. */
  'crl-missing',
  'crl-expired',
  'crl-not-yet-valid',
  'crl-signature-invalid',
  /** A CRL whose scope or critical extensions are not understood. */
  'crl-unsupported',
  'wrong-eku',
  'wrong-key-usage',
  'not-a-ca',
  'path-too-long',
  'name-constraint',
  'critical-extension',
  /** RSA below the least size, an unknown curve, a key type nobody uses. */
  'weak-key',
  /** MD5, SHA-1 or an unknown signature algorithm. */
  'weak-signature',
  'policy',
] as const

export type PathReason = (typeof PATH_REASONS)[number]

export interface PathProblem {
  readonly reason: PathReason
  readonly certificate: number
  /** The certificate in question; absent where its octets could not be read. */
  readonly offender?: Certificate
  /** With `revoked`: what the CRL says. */
  readonly revocation?: RevokedEntry
  /** For people: names and values seen. May change. */
  readonly detail: string
}
