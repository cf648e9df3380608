import type { AuthenticationOutcome } from '../../source.ts'
import { ACCOUNT_CONTROL, type AccountEntry } from './account-entry.ts'
import { nextLogonHoursEdge, utcText, withinLogonHours } from './logon-hours.ts'
import type { PasswordSettings } from './password-settings.ts'

export interface AccountStanding {
  /** Whatever it proves. */
  readonly barred?: AuthenticationOutcome
  /** Only where it proves a password. */
  readonly passwordBarred?: AuthenticationOutcome
  /** Until then time alone changes nothing of it. */
  readonly goodUntil?: number
}

export interface StandingRules {
  readonly dialIn: 'ignore' | 'honour'
  /** Those that count for this account. */
  readonly passwords: PasswordSettings
}

/**
 * What keeps an account of Active Directory out. A lock-out and the age of a password bar passwords alone: a certificate
 * guesses nothing, and whoever types wrong passwords could lock its owner out of everything.
 */
export function accountStanding(account: AccountEntry, now: number, rules: StandingRules): AccountStanding {
  const barred = standing(account, now, rules)
  const passwordBarred = passwordStanding(account, now, rules.passwords)
  const edges = [
    account.expiresAt,
    nextLogonHoursEdge(account.logonHours, now),
    account.passwordExpiresAt,
    lockedUntil(account, rules.passwords),
  ]
  const ahead = edges.filter((edge) => edge !== undefined && edge > now) as number[] // without undefined
  return {
    ...(barred !== undefined && { barred }),
    ...(passwordBarred !== undefined && { passwordBarred }),
    ...(ahead.length > 0 && { goodUntil: Math.min(...ahead) }),
  }
}

function standing(
  account: AccountEntry,
  now: number,
  rules: StandingRules,
): AuthenticationOutcome | undefined {
  const { control, expiresAt, logonHours, mayDialIn } = account
  if (has(control, ACCOUNT_CONTROL.accountDisabled)) return { kind: 'disabled' }
  if (expiresAt !== undefined && now >= expiresAt) return { kind: 'account-expired', since: iso(expiresAt) }
  if (!withinLogonHours(logonHours, now)) return { kind: 'outside-logon-hours', now: utcText(now) }
  if (rules.dialIn === 'honour' && mayDialIn === false) return { kind: 'dial-in-denied' }
  return undefined
}

function passwordStanding(
  account: AccountEntry,
  now: number,
  passwords: PasswordSettings,
): AuthenticationOutcome | undefined {
  if (isLocked(account, now, passwords)) {
    const until = lockedUntil(account, passwords)
    const { failures } = account
    return {
      kind: 'locked',
      ...(until !== undefined && { until: iso(until) }),
      ...(failures !== undefined && { failures }),
    }
  }
  if (has(account.control, ACCOUNT_CONTROL.smartCardRequired)) return { kind: 'smart-card-required' }
  return passwordAge(account, now, passwords)
}

/** The server knows best; where it does not say, lockoutTime and lockoutDuration do (MS-ADTS section 3.1.1.4.5.17). */
function isLocked(account: AccountEntry, now: number, passwords: PasswordSettings): boolean {
  if (account.computedControl !== undefined) return has(account.computedControl, ACCOUNT_CONTROL.lockout)
  if (account.lockedAt === undefined) return false
  const until = lockedUntil(account, passwords)
  return until === undefined || now < until
}

function lockedUntil(
  { lockedAt }: AccountEntry,
  { lockoutMilliseconds }: PasswordSettings,
): number | undefined {
  return lockedAt === undefined || lockoutMilliseconds === undefined
    ? undefined
    : lockedAt + lockoutMilliseconds
}

const AGELESS =
  ACCOUNT_CONTROL.passwordNeverExpires |
  ACCOUNT_CONTROL.smartCardRequired |
  ACCOUNT_CONTROL.workstationTrust |
  ACCOUNT_CONTROL.serverTrust |
  ACCOUNT_CONTROL.interdomainTrust

function passwordAge(
  account: AccountEntry,
  now: number,
  { maximumAgeMilliseconds }: PasswordSettings,
): AuthenticationOutcome | undefined {
  const { control, computedControl, passwordSetAt, passwordExpiresAt } = account
  if (has(control, AGELESS)) return undefined
  if (passwordSetAt === 0) return { kind: 'must-change-password' }
  const byAge =
    passwordSetAt === undefined || maximumAgeMilliseconds === undefined
      ? undefined
      : passwordSetAt + maximumAgeMilliseconds
  const expiresAt = passwordExpiresAt ?? byAge
  const isExpired =
    computedControl === undefined
      ? expiresAt !== undefined && now >= expiresAt
      : has(computedControl, ACCOUNT_CONTROL.passwordExpired)
  if (!isExpired) return undefined
  return { kind: 'password-expired', ...(expiresAt !== undefined && { since: iso(expiresAt) }) }
}

function has(flags: number, bits: number): boolean {
  return (flags & bits) !== 0
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}
