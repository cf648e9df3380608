import type { EapFailure } from '@sallyport/eap'
import type { CertificateFacts } from '../../policy/index.ts'
import { eapFailureReason } from '../../reasons/eap-failure.ts'
import type { Reason } from '../../reasons/index.ts'
import { outcomeReason } from '../outcome-reason.ts'
import type { RefusedIdentity } from './identity-verifier.ts'

export interface Refusal {
  readonly reason: Reason
  readonly user?: string | undefined
  readonly realm?: string | undefined
  readonly certificate?: CertificateFacts | undefined
}

/** Why a conversation failed: what the verifier found, where it was asked; else what EAP itself found. */
export function refusalOf(failure: EapFailure, identity: string): Refusal {
  // Of a bug in a method the cause is whatever was thrown.
  if (failure.code !== 'refused' || failure.cause === undefined) return { reason: eapFailureReason(failure) }
  const cause = failure.cause as RefusedIdentity // what IdentityVerifier put there
  if ('reason' in cause) return { reason: cause.reason, certificate: cause.certificate }
  const { authentication } = cause
  const { outcome } = authentication
  if (outcome.kind === 'authenticated') return { reason: eapFailureReason(failure) }
  const { user, realm } = authentication
  return { reason: outcomeReason({ ...authentication, outcome }, identity), user, realm }
}
