import type { AuthenticationOutcome } from '../../source.ts'
import type { DirectoryEntry } from '../directory.ts'

export const STATE_ATTRIBUTES = ['pwdAccountLockedTime', 'nsAccountLock', 'shadowExpire', 'pwdChangedTime']

/** Locked until somebody unlocks it (draft-behera-ldap-password-policy section 5.3.3). */
const LOCKED_FOR_GOOD = '000001010000Z'
const DAY = 86_400_000

/**
 * What the entry itself says against its account, for logins no bind stands in: by certificate, or decided again. A lock
 * for some time is left to the server, which alone knows when it ends: it refuses the bind.
 */
export function barredBy(entry: DirectoryEntry, now: number = Date.now()): AuthenticationOutcome | undefined {
  if (entry.text('pwdAccountLockedTime') === LOCKED_FOR_GOOD) return { kind: 'locked' }
  if (entry.text('nsAccountLock')?.toLowerCase() === 'true') return { kind: 'disabled' }
  const expires = Number(entry.text('shadowExpire') ?? -1)
  // shadow(5): days since 1970 from which the account is expired; -1 and 0 mean never.
  if (Number.isFinite(expires) && expires > 0 && now >= expires * DAY)
    return { kind: 'account-expired', since: new Date(expires * DAY).toISOString() }
  return undefined
}
