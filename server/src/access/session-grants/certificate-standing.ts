import type { CertificateFacts } from '../../policy/facts.ts'
import type { Reason } from '../../reasons/index.ts'

/** What can be said now of a certificate somebody logged in with, by what the receipt keeps of it. */
export interface CertificateStandings {
  standing(certificate: CertificateFacts, now: number): Promise<CertificateStanding>
}

export type CertificateStanding =
  /** `holder`: id of the only account it may log in, where the own CA wrote it in. */
  | { readonly kind: 'good'; readonly holder?: string }
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** Whether it was revoked cannot be told now. */
  | { readonly kind: 'unknown'; readonly reason: Reason }
  /** Issued by a CA that is not configured by itself: only the device can show the chain again. */
  | { readonly kind: 'unplaced' }
