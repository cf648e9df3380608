import type { MschapError } from '@sallyport/eap'
import type { Authentication } from '../identity/authentication-order.ts'

/**
 * What a refused MS-CHAP peer is told (RFC 2433 section 5, RFC 2759 section 6). Account states are told only to those
 * who proved the password, because the outcome names them only then; everybody else learns 691 alone.
 */
export function mschapError(outcome: Authentication['outcome']): MschapError {
  switch (outcome.kind) {
    case 'outside-logon-hours':
      return { code: 646, retry: false, message: 'Outside logon hours' }
    case 'disabled':
    case 'account-expired':
      return { code: 647, retry: false, message: 'Account disabled' }
    case 'password-expired':
    case 'must-change-password':
      return { code: 648, retry: false, message: 'Password expired' }
    case 'dial-in-denied':
      return NO_DIALIN_PERMISSION
    case 'change-refused':
      return { code: 709, retry: false, message: 'Password not changed' }
    default:
      // One and the same whatever the cause: a different R= would tell strangers which names exist.
      return { code: 691, retry: true, message: 'Authentication failed' }
  }
}

/** Proved, but no rule lets this user in: the dial-in permission of Windows. */
export const NO_DIALIN_PERMISSION: MschapError = { code: 649, retry: false, message: 'Access denied' }
