import type { IdentifiedUser } from '../source.ts'

/** Whose account: the settings its directory was asked under, and the name as it was asked for. */
export interface KnownName {
  /** Changes with every setting that says which accounts there are, and what they are called. */
  readonly place: string
  readonly key: string
}

/** What a directory said of an account that proved itself. Times: milliseconds since the epoch. */
export interface ToldAccount {
  /** Without `lookup`: whoever hands it out says where it comes from. */
  readonly user: Omit<IdentifiedUser, 'lookup'>
  readonly saidAt: number
  readonly passwordStamp?: string
  /** From then on time itself may bar the account. */
  readonly goodUntil?: number
  /** How long any of it may be of use. */
  readonly keepUntil: number
}

export interface KnownAccount extends ToldAccount {
  /** Fingerprints of certificates the directory's account was accepted with, the newest last. */
  readonly certificates: readonly string[]
  readonly password?: KnownPassword
}

export interface KnownPassword {
  /** PHC string of argon2id. */
  readonly verifier: string
  /** When the directory took the password. */
  readonly takenAt: number
}

export type KnownChange =
  /** The directory said this of the account. Makes nothing known that no login proved yet. */
  | { readonly kind: 'told'; readonly name: KnownName; readonly account: ToldAccount }
  /** A login was proved to the directory's satisfaction. */
  | {
      readonly kind: 'proved'
      readonly name: KnownName
      readonly account: ToldAccount
      readonly certificate?: string
    }
  /** The directory took this password. `passwordStamp`: as it was then. */
  | {
      readonly kind: 'password'
      readonly name: KnownName
      readonly password: KnownPassword
      readonly passwordStamp: string | undefined
    }
  | { readonly kind: 'password-gone'; readonly name: KnownName }
  /** Unknown, barred, or no longer among those who may come in. */
  | { readonly kind: 'gone'; readonly name: KnownName; readonly account?: SaidOf }

/** Which account was meant, where that is known: `ada` and `ada@example.org` are one. */
export interface SaidOf {
  readonly id: string
  readonly saidAt: number
}

/** Certificates remembered of one account: that of each of its devices. */
const MOST_CERTIFICATES = 8

/** What is known after a change. Knows less rather than more where the two do not fit. */
export function afterChange(known: KnownAccount | undefined, change: KnownChange): KnownAccount | undefined {
  switch (change.kind) {
    case 'gone':
      return undefined
    case 'told':
      return known && withAccount(known, change.account)
    case 'proved': {
      const { certificates, ...account } = withAccount(known ?? { certificates: [] }, change.account)
      const { certificate } = change
      if (certificate === undefined) return { ...account, certificates }
      const others = certificates.filter((fingerprint) => fingerprint !== certificate)
      return { ...account, certificates: [...others, certificate].slice(-MOST_CERTIFICATES) }
    }
    case 'password':
      // Hashing takes a while: meanwhile the account may be gone, or the password another one.
      if (known === undefined || known.passwordStamp !== change.passwordStamp) return known
      return { ...known, password: change.password }
    case 'password-gone':
      return known && withoutPassword(known)
  }
}

function withAccount(
  known: Pick<KnownAccount, 'certificates'> & Partial<KnownAccount>,
  account: ToldAccount,
): KnownAccount {
  const { certificates, password, passwordStamp } = known
  // Another account under the name: what the former one proved is nothing to it.
  if (known.user !== undefined && known.user.id !== account.user.id) return { ...account, certificates: [] }
  const keepsPassword = password !== undefined && passwordStamp === account.passwordStamp
  return { ...account, certificates, ...(keepsPassword && { password }) }
}

function withoutPassword({ password: _, ...known }: KnownAccount): KnownAccount {
  return known
}
