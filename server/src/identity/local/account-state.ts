import type { AuthenticationOutcome, EarlierProof } from '../source.ts'
import { allowsLogon, type LocalWeek, parseLogonHours } from './logon-hours.ts'
import type { StoredUser } from './stored-user.ts'

const DAY = 24 * 60 * 60 * 1000

export interface AccountRules {
  /** 0: passwords do not age. */
  readonly passwordMaximumAgeDays: number
  readonly localWeek: LocalWeek
}

/**
 * What keeps an account out although it proved itself; undefined: nothing does. The order is the order in which the
 * answers stop mattering: somebody outside their hours must not be asked to change a password first. A password's
 * age says nothing about a certificate.
 */
export function accountState(
  user: StoredUser,
  now: number,
  rules: AccountRules,
  by: EarlierProof['by'],
): AuthenticationOutcome | undefined {
  return standing(user, now, rules) ?? (by === 'password' ? passwordAge(user, now, rules) : undefined)
}

/** Disabled, expired, outside logon hours: what no new password can cure. */
export function standing(
  user: StoredUser,
  now: number,
  rules: AccountRules,
): AuthenticationOutcome | undefined {
  if (user.disabled) return { kind: 'disabled' }
  if (user.expiresAt !== undefined && now >= user.expiresAt) {
    return { kind: 'account-expired', since: new Date(user.expiresAt).toISOString() }
  }
  if (user.logonHours !== undefined && !withinHours(user.logonHours, now, rules.localWeek)) {
    return { kind: 'outside-logon-hours', now: rules.localWeek.text(now) }
  }
  return undefined
}

function withinHours(entries: readonly string[], now: number, week: LocalWeek): boolean {
  const parsed = parseLogonHours(entries)
  // Hours that cannot be read never mean "always".
  return parsed.ok && allowsLogon(parsed.hours, week.minuteOfWeek(now))
}

function passwordAge(user: StoredUser, now: number, rules: AccountRules): AuthenticationOutcome | undefined {
  if (user.mustChangePassword) return { kind: 'must-change-password' }
  if (rules.passwordMaximumAgeDays === 0 || user.passwordNeverExpires || user.password === undefined) {
    return undefined
  }
  const expiredAt = user.password.changedAt + rules.passwordMaximumAgeDays * DAY
  if (now < expiredAt) return undefined
  return { kind: 'password-expired', since: new Date(expiredAt).toISOString() }
}
