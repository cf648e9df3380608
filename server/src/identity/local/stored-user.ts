import type { PasswordStorage } from '../../config/schema.ts'

/** A local user as the worker reads it: one row, nothing opened yet. Times are milliseconds since the epoch. */
export interface StoredUser {
  readonly id: string
  readonly name: string
  readonly source: string
  /** Absent: the account has no password; only a certificate proves it. */
  readonly password?: StoredPassword
  readonly mustChangePassword: boolean
  readonly passwordNeverExpires: boolean
  readonly disabled: boolean
  readonly expiresAt?: number
  /** `Mon-Fri 07:00-19:00`; absent = always, empty = never. */
  readonly logonHours?: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  /** Names of all groups, nested memberships resolved, in order. */
  readonly groups: readonly string[]
  readonly failures: number
  readonly lastFailureAt?: number
  readonly lockedUntil?: number
}

export interface StoredPassword {
  readonly storage: PasswordStorage
  /** The verifier as `password-verifier.ts` makes it, sealed. */
  readonly sealed: string
  readonly changedAt: number
}

/** Where a worker finds the users of one source. Synchronous: a lookup is on the path of every login. */
export interface UserDirectory {
  /** By the form of the name that `nameKey` makes. */
  find(nameKey: string): StoredUser | undefined
  findById(id: string): StoredUser | undefined
}
