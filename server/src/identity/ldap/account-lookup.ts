import type { AuthenticationOutcome, IdentifiedUser } from '../source.ts'
import type { DirectoryUnavailable } from './directory.ts'

/** Finds accounts in a directory; one implementation for Active Directory, one for other directories. */
export interface AccountLookup {
  /** @param user the login name without realm; `host/name.domain` and `NAME$` are computers in Active Directory */
  byName(user: string, wholeName: string, how?: LookupManner): Promise<FoundAccount>
  /** Always asks the directory. @param id `IdentifiedUser.id` without the name of its source */
  byId(id: string): Promise<FoundAccount>
  /** What is kept beside accounts (names of groups) may have changed. Absent: nothing is. */
  forgetNames?(): void
}

export interface LookupManner {
  /**
   * Asks the directory whatever is kept of earlier answers: where nothing else tells the account's state (a session by
   * password is resumed), and for counters that move (`budget`).
   */
  readonly isFresh?: boolean
  /** `user` is what the account itself is called (`IdentifiedUser.name`), and nothing somebody typed. */
  readonly isOwnName?: boolean
}

export type FoundAccount =
  | { readonly kind: 'found'; readonly account: DirectoryAccount }
  | { readonly kind: 'not-found' }
  /** Found below baseDn and not in groupDn. */
  | { readonly kind: 'outside-group' }
  /** Several accounts fit the name. */
  | Extract<AuthenticationOutcome, { readonly kind: 'ambiguous' }>
  | DirectoryUnavailable

export interface DirectoryAccount {
  readonly dn: string
  readonly user: IdentifiedUser
  /** NetBIOS name of its domain (Active Directory): the account's name means nothing without it. */
  readonly domain?: string
  /** Why the account may not come in whatever it proves (disabled, expired, ...); undefined: nothing stands against it. */
  readonly barred?: AuthenticationOutcome
  /** Why no password lets it in, not even the right one (locked, due to be changed); a certificate does not care. */
  readonly passwordBarred?: AuthenticationOutcome
  /** What a certificate must fit; absent: its names alone find the account. */
  readonly binding?: CertificateBinding
  /** Bad passwords the directory counts and takes, where it tells; the shield lives on it. */
  readonly budget?: {
    readonly failures: number
    /** 0: never locked. Absent: what holds for the account may not be read. */
    readonly threshold?: number
    readonly lastFailureAt?: number
    /** How long the directory remembers a failure. */
    readonly observationMilliseconds?: number
    readonly server: string
  }
  /** Changes when the password does (pwdLastSet, pwdChangedTime). */
  readonly passwordStamp?: string
  /** When the password was set, milliseconds since the epoch: a session that proved an older one must log in again. */
  readonly passwordSetAt?: number
  /** When the directory was asked for what was kept since, monotonic milliseconds; absent: nobody knows. */
  readonly askedAt?: number
  /**
   * Milliseconds since the epoch: until then time alone bars nothing (the account or its password expires, logon hours
   * end). What is kept of the account is asked for again after it. Absent: time does not matter.
   */
  readonly goodUntil?: number
}

/** Which certificates are the account's (`certificateFault`). Plain data, as all of the account. */
export interface CertificateBinding {
  readonly mode: 'strong' | 'compatible'
  readonly kind: 'person' | 'computer'
  readonly sid: string
  readonly altSecurityIdentities: readonly string[]
  readonly dnsHostName?: string
}
