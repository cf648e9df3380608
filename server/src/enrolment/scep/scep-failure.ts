import type { FailInfo } from '@sallyport/pki'
import { type Reason, type ReasonCode, titleOf } from '../../reasons/index.ts'

/** RFC 8894 section 3.2.1.4; whatever is not here is `badRequest`: the transaction is not permitted. */
const FAIL_INFO_OF: Readonly<Partial<Record<ReasonCode, FailInfo>>> = {
  'scep-algorithm': 'badAlg',
  'enrolment-key-weak': 'badAlg',
  'enrolment-key-not-allowed': 'badAlg',
  'scep-signature-invalid': 'badMessageCheck',
  'scep-content-unreadable': 'badMessageCheck',
  'scep-transaction-unknown': 'badCertId',
  'scep-certificate-unknown': 'badCertId',
}

export function failInfoOf({ code }: Reason): FailInfo {
  return FAIL_INFO_OF[code] ?? 'badRequest'
}

/**
 * What the client is told in words. Who has proved nothing learns neither which challenges there are nor how an account
 * stands; the log has the rest.
 */
export function failInfoText({ code }: Reason): string {
  if (code.startsWith('challenge-')) return 'The challenge is not valid for this request.'
  return code.startsWith('scep-') || code.startsWith('enrolment-') ? `${titleOf(code)}.` : 'Not permitted.'
}
