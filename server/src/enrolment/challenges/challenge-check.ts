import { type CertificationRequest, nameText } from '@sallyport/pki'
import { type Reason, reason } from '../../reasons/index.ts'
import type { ChallengeRecord } from './challenge-store.ts'

const COMMON_NAME = '2.5.4.3'

/** The common name of a request, as text. */
export function commonNameOf({ subject }: CertificationRequest): string | undefined {
  return subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text
}

/**
 * Whether a request is what its challenge was given out for, before the challenge is used up: a profile with a mistake in it
 * costs no challenge. Names of others are the registration authority's to refuse, which knows the account.
 */
export function challengeMismatch(
  challenge: ChallengeRecord,
  request: CertificationRequest,
): Reason | undefined {
  const { subject, minimum_rsa_bits: minimum } = challenge
  if (subject !== null && commonNameOf(request)?.toLowerCase() !== subject.toLowerCase()) {
    const found = commonNameOf(request) ?? (nameText(request.subject) || 'no subject')
    return mismatch('SubjectNameMismatch', `the common name ${subject}`, found)
  }
  const bits = request.publicKey?.asymmetricKeyDetails?.modulusLength ?? 0
  if (minimum !== null && bits < minimum) {
    return mismatch('KeyLengthMismatch', `RSA keys of ${minimum} bits`, `${bits} bits`)
  }
  return undefined
}

/** Rules have the names Intune gives them, which administrators of MDM servers know. */
export function mismatch(rule: string, wanted: string, found: string): Reason {
  return reason('challenge-mismatch', { rule, wanted, found })
}
