import { decryptNewPassword, hashNtPasswordHash, ntPasswordHash, verifyMschapV2 } from '@sallyport/mschap'
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { PasswordChange } from '../source.ts'
import { PASSWORD_FAULTS, passwordFault } from './password.ts'
import type { Checked } from './proof-check.ts'
import { holdsPassword, sealPassword } from './sealed-password.ts'
import type { StoredPassword } from './stored-user.ts'
import type { Verifier } from './verifier.ts'

export interface CheckedChange {
  readonly newPassword: string
  /** Keys and the authenticator response rest on the new password. */
  readonly right: Extract<Checked, { readonly kind: 'right' }>
}

/**
 * RFC 2759 section 7: both fields must have been made by somebody who knows the old password, and the response must be
 * the new password's. undefined: one of the three does not hold.
 */
export function checkChange(verifier: Verifier, change: PasswordChange): CheckedChange | undefined {
  if (verifier.storage === 'argon2id') return undefined
  const newPassword = decryptNewPassword(verifier.nt.ntHash, change)
  if (newPassword === undefined) return undefined
  const newHash = ntPasswordHash(newPassword)
  const hashedUserName = verifyMschapV2(newHash, change)
  if (hashedUserName === undefined) return undefined
  return { newPassword, right: { kind: 'right', ntHashHash: hashNtPasswordHash(newHash), hashedUserName } }
}

/** The owner of the rows, as a worker reaches it. */
export interface PasswordRows {
  /** Replaces the password where it is still the one expected, and lifts *must change*; false where it is not. */
  replacePassword(userId: string, expectedSealed: string, password: StoredPassword): Promise<boolean>
}

/** Writes the password that a user chose for themselves, if the rules allow it. */
export class PasswordWriter {
  readonly #rows: PasswordRows
  readonly #sealer: Sealer
  readonly #clock: Clock
  readonly #minimumLength: number

  constructor(rows: PasswordRows, sealer: Sealer, clock: Clock, minimumLength: number) {
    this.#rows = rows
    this.#sealer = sealer
    this.#clock = clock
    this.#minimumLength = minimumLength
  }

  /** Keeps the storage form of the old password. Returns why not, or undefined once the new one is durable. */
  async change(userId: string, old: StoredPassword, newPassword: string): Promise<string | undefined> {
    const fault = passwordFault(newPassword, this.#minimumLength)
    if (fault !== undefined) return PASSWORD_FAULTS[fault]
    if (await holdsPassword(userId, old, newPassword, this.#sealer)) return PASSWORD_FAULTS.unchanged
    const password = await sealPassword(userId, newPassword, old.storage, this.#sealer, this.#clock.now())
    const replaced = await this.#rows.replacePassword(userId, old.sealed, password)
    return replaced ? undefined : 'the password was changed by somebody else meanwhile'
  }
}
