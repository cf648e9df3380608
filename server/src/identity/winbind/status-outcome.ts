import type { DirectoryAccount } from '../ldap/account-lookup.ts'
import type { AuthenticationOutcome } from '../source.ts'
import type { NtStatus } from './nt-status.ts'

/**
 * What a domain controller's refusal of a proof comes to. Where the directory knows more of the same (since when, until
 * when), its word is taken. Only a word that says so is a wrong password.
 */
export function outcomeOfStatus(status: NtStatus, account: DirectoryAccount): AuthenticationOutcome {
  const known = [account.barred, account.passwordBarred]
  const detailed = (outcome: AuthenticationOutcome): AuthenticationOutcome =>
    known.find((each) => each?.kind === outcome.kind) ?? outcome
  switch (status) {
    case 'NT_STATUS_WRONG_PASSWORD':
    case 'NT_STATUS_LOGON_FAILURE':
      return wrongPassword(account)
    case 'NT_STATUS_ACCOUNT_LOCKED_OUT':
      return detailed({ kind: 'locked' })
    case 'NT_STATUS_ACCOUNT_DISABLED':
      return { kind: 'disabled' }
    case 'NT_STATUS_ACCOUNT_EXPIRED':
      return detailed({ kind: 'account-expired' })
    case 'NT_STATUS_PASSWORD_EXPIRED':
      return detailed({ kind: 'password-expired' })
    case 'NT_STATUS_PASSWORD_MUST_CHANGE':
      return { kind: 'must-change-password' }
    case 'NT_STATUS_INVALID_LOGON_HOURS':
      return detailed({ kind: 'outside-logon-hours' })
    case 'NT_STATUS_INVALID_WORKSTATION':
    case 'NT_STATUS_ACCOUNT_RESTRICTION':
      return { kind: 'workstation-denied' }
    case 'NT_STATUS_NO_SUCH_USER':
      return unknownToWinbind(account)
    case 'NT_STATUS_PASSWORD_RESTRICTION':
    case 'NT_STATUS_ILL_FORMED_PASSWORD':
    case 'NT_STATUS_ACCESS_DENIED':
    case 'NT_STATUS_NTLM_BLOCKED':
      // No answers to a proof.
      return { kind: 'unavailable', why: `winbind answers ${status}` }
  }
}

/** The same for a new password (RFC 2759 section 7). */
export function outcomeOfChange(status: NtStatus, account: DirectoryAccount): AuthenticationOutcome {
  switch (status) {
    case 'NT_STATUS_PASSWORD_RESTRICTION':
      return {
        kind: 'change-refused',
        why: 'the domain does not take it: its length, its complexity, an earlier password, or changed too recently',
      }
    case 'NT_STATUS_ILL_FORMED_PASSWORD':
      return { kind: 'change-refused', why: 'it holds characters the domain does not take' }
    case 'NT_STATUS_ACCESS_DENIED':
      return { kind: 'change-refused', why: 'the account may not change its password' }
    default:
      return outcomeOfStatus(status, account)
  }
}

function wrongPassword({ budget, user }: DirectoryAccount): AuthenticationOutcome {
  // What is kept of an earlier look-up counts too little.
  const { failures = 0, threshold = 0 } = budget ?? {}
  if (threshold === 0 || isKept(user.lookup)) return { kind: 'wrong-password' }
  return { kind: 'wrong-password', failures: failures + 1, lockoutThreshold: threshold }
}

/** The directory has just found the account. Kept from an earlier look-up it may be gone; else winbind asks elsewhere. */
function unknownToWinbind({ user }: DirectoryAccount): AuthenticationOutcome {
  if (isKept(user.lookup)) return { kind: 'not-found' }
  const why = `winbind does not know "${user.name}", which the directory does: its domain is another one`
  return { kind: 'unavailable', why }
}

function isKept(lookup: DirectoryAccount['user']['lookup']): boolean {
  return lookup === 'cached' || lookup === 'offline'
}
