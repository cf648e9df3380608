/**
 * NT status values (MS-ERREF section 2.3.1) that a login or a new password comes to, and the words ntlm_auth has for them:
 * as a helper it tells no number. Whatever is not listed is no answer about the user.
 */
const TEXTS = {
  NT_STATUS_WRONG_PASSWORD:
    'When trying to update a password, this return status indicates that the value provided as the current password is not correct.',
  NT_STATUS_LOGON_FAILURE:
    'The attempted logon is invalid. This is either due to a bad username or authentication information.',
  NT_STATUS_NO_SUCH_USER: 'The specified account does not exist.',
  NT_STATUS_ACCOUNT_LOCKED_OUT:
    'The user account has been automatically locked because too many invalid logon attempts or password change attempts have been requested.',
  NT_STATUS_ACCOUNT_DISABLED: 'The referenced account is currently disabled and cannot be logged on to.',
  NT_STATUS_ACCOUNT_EXPIRED: 'The user account has expired.',
  NT_STATUS_ACCOUNT_RESTRICTION:
    'Indicates a referenced user name and authentication information are valid, but some user account restriction has prevented successful authentication (such as time-of-day restrictions).',
  NT_STATUS_PASSWORD_EXPIRED: 'The user account password has expired.',
  NT_STATUS_PASSWORD_MUST_CHANGE: 'The user password must be changed before logging on the first time.',
  NT_STATUS_INVALID_LOGON_HOURS:
    'The user account has time restrictions and cannot be logged onto at this time.',
  NT_STATUS_INVALID_WORKSTATION:
    'The user account is restricted so that it cannot be used to log on from the source workstation.',
  NT_STATUS_PASSWORD_RESTRICTION:
    'When trying to update a password, this status indicates that some password update rule has been violated. For example, the password might not meet length criteria.',
  NT_STATUS_ILL_FORMED_PASSWORD:
    'When trying to update a password, this return status indicates that the value provided for the new password contains values that are not allowed in passwords.',
  NT_STATUS_ACCESS_DENIED:
    '{Access Denied} A process has requested access to an object but has not been granted those access rights.',
  NT_STATUS_NTLM_BLOCKED: 'The authentication failed because NTLM was blocked.',
} as const

export type NtStatus = keyof typeof TEXTS

const BY_TEXT: ReadonlyMap<string, NtStatus> = new Map(
  Object.entries(TEXTS).map(([status, text]) => [text, status as NtStatus]),
) // the keys of TEXTS

/** By its words, or by its name, which Samba writes where it has no words. */
export function ntStatusOf(text: string): NtStatus | undefined {
  const words = text.trim()
  return BY_TEXT.get(words) ?? (Object.hasOwn(TEXTS, words) ? (words as NtStatus) : undefined) // asked for right before
}
