import type { LdapShieldConfiguration } from '../../config/sections/sources/ldap-shield.ts'
import type { DirectoryAccount } from '../ldap/account-lookup.ts'

/** What one account can stand, as it is known at one attempt. Plain data: it goes to the owner of the counters. */
export interface ShieldPolicy {
  /** Wrong passwords until the directory locks the account. */
  readonly threshold: number
  /** Below this many wrong passwords a device that is not known may still try. */
  readonly strangersEnd: number
  /** The same for devices that logged in before. Below `threshold`: the last guess is never spent. */
  readonly knownEnd: number
  /** Wrong passwords in a row that hold a device back. */
  readonly failuresPerStation: number
  /** How long the directory remembers a wrong password. */
  readonly windowMilliseconds: number
  /** Wrong passwords the directory counts now, whoever sent them; 0 where it does not tell. */
  readonly told: number
  /** When the last of those was; absent: not told. */
  readonly toldAt?: number
  /** `told` comes from a look-up that was kept: a success since then is not in it. */
  readonly isKept: boolean
}

const MINUTE = 60_000
/** So long a look-up that was kept serves one attempt at an account that nothing is held against. */
const RECENT_MILLISECONDS = 2000
/** An account that locks sooner is looked up for each: so few may be typed elsewhere within that time. */
const LEAST_THRESHOLD = 4
/** Wrong passwords without which a person cannot make one mistake on a device of theirs. */
const LEAST_RESERVE = 2

/**
 * The policy of one account now. Undefined: nothing is at stake, the shield is off or the directory never locks.
 *
 * @param freely attempts that other threads may have under way without asking the owner of the counters: they come out
 *   of what is kept back, so that the account stays open whatever they come to
 */
export function shieldPolicy(
  settings: LdapShieldConfiguration,
  { budget, user }: Pick<DirectoryAccount, 'budget' | 'user'>,
  now: number,
  freely = 0,
): ShieldPolicy | undefined {
  const threshold = budget?.threshold ?? settings.threshold
  if (threshold < 1) return undefined
  const windowMilliseconds = budget?.observationMilliseconds ?? settings.windowMinutes * MINUTE
  const reserve = reserveOf(settings, threshold)
  const strangersEnd = Math.max(1, threshold - reserve)
  const toldAt = budget?.lastFailureAt
  // Active Directory leaves badPwdCount as it was until the next attempt, also when its time is over.
  const isOver = toldAt !== undefined && now - toldAt >= windowMilliseconds
  return {
    threshold,
    strangersEnd,
    knownEnd: Math.max(strangersEnd, threshold - 1 - freely),
    failuresPerStation: settings.failuresPerStation,
    windowMilliseconds,
    told: isOver ? 0 : (budget?.failures ?? 0),
    ...(toldAt !== undefined && { toldAt }),
    isKept: user.lookup === 'cached' || user.lookup === 'offline',
  }
}

/** Guesses kept for devices that logged in before: half of them, and never so many that nobody new could try. */
export function reserveOf({ reserve }: LdapShieldConfiguration, threshold: number): number {
  const wanted = reserve ?? Math.max(LEAST_RESERVE, Math.floor(threshold / 2))
  return Math.max(0, Math.min(wanted, threshold - 1))
}

/** Whether what was kept of the account is as good as new, unless something is held against it. */
export function isRecent(
  { askedAt }: Pick<DirectoryAccount, 'askedAt'>,
  { threshold, isKept }: ShieldPolicy,
  monotonic: number,
): boolean {
  if (!isKept || askedAt === undefined || threshold < LEAST_THRESHOLD) return false
  return monotonic - askedAt < RECENT_MILLISECONDS
}
