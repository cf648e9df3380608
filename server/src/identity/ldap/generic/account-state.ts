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

/** `20261122050500.123Z` (RFC 4517 section 3.3.13), in UTC as servers write it. Undefined where it is not. */
export function generalizedTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
