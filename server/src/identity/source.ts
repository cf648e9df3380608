import type { CertificateNameFacts } from '../policy/facts.ts'

/**
 * What every identity source is to the rest of the house. *Not found*, *wrong password*, account states and
 * *unavailable* are different outcomes, and stay different up to the receipt.
 */
export interface IdentitySource {
  readonly name: string
  readonly kind: 'local' | 'ldap' | 'winbind' | 'radius' | 'tacacs'
  /** Which forms of proof the source can check at all; `apply` refuses rules that need others. */
  readonly forms: ReadonlySet<ProofForm>
  /**
   * Checks the proof and, only where it holds, the account's state. `user` is the name without realm. Answers at once
   * where the source can, so that a caller on the hot path pays for no promise.
   */
  authenticate(user: string, proof: Proof, asked: Asked): MaybePromise<AuthenticationOutcome>
  changePassword?(user: string, change: PasswordChange, asked: Asked): MaybePromise<AuthenticationOutcome>
  /**
   * The account's state now, without a proof: a resumed session proved it earlier, and is decided again. Absent: the
   * source tells nothing without a proof.
   */
  resolve?(
    user: string,
    earlier: EarlierProof,
    asked: Pick<Asked, 'wholeName' | 'isOwnName' | 'isLiveOnly'>,
  ): MaybePromise<AuthenticationOutcome>
  /**
   * The account of this id as it stands now, whatever it is called by now; judged as a login by certificate is. Absent: the
   * source tells nothing without a proof.
   */
  byId?(id: string): MaybePromise<AuthenticationOutcome>
}

export type MaybePromise<T> = T | Promise<T>

/** What a source may know of the login beside its name and proof. */
export interface Asked {
  /** As the peer wrote it, with its realm. */
  readonly wholeName: string
  /** No peer wrote the name: it is what the source called the account (`IdentifiedUser.name`). */
  readonly isOwnName?: true
  /** What a directory said earlier must not stand in for it while it is down: more than a login rests on the answer. */
  readonly isLiveOnly?: true
  /** Name of the RADIUS client. Absent: no device asks (a session is decided again, an administrator tries). */
  readonly client?: string
  /**
   * Calling-Station-Id, the device as far as the client tells: twelve hexadecimal digits where it is a MAC address, else a
   * text of at most 64 characters.
   */
  readonly station?: string
}

export type ProofForm = Proof['form']

export type Proof =
  | { readonly form: 'password'; readonly password: Uint8Array }
  /** MD5(id, password, challenge): CHAP (RFC 1994), EAP-MD5. */
  | {
      readonly form: 'chap'
      readonly id: number
      readonly challenge: Uint8Array
      readonly response: Uint8Array
    }
  | { readonly form: 'mschap'; readonly challenge: Uint8Array; readonly ntResponse: Uint8Array }
  | {
      readonly form: 'mschapv2'
      readonly authenticatorChallenge: Uint8Array
      readonly peerChallenge: Uint8Array
      readonly ntResponse: Uint8Array
      /** As the peer sent it: the domain it may carry is left out of the hash by most peers (RFC 2759 section 8.2). */
      readonly userName: string
    }
  /**
   * The certificate was validated already, and `certificate-mapping.ts` took the account's name from it; the source
   * only looks the account up and checks its state. `holder`: id of the account it was issued to, where our own CA
   * wrote it in; no other account may use it, not even one that has the name now. `names`: what else it says of its
   * account, for directories whose accounts say which certificates are theirs.
   */
  | {
      readonly form: 'certificate'
      readonly fingerprint: string
      readonly holder?: string
      readonly names?: CertificateNameFacts
    }

/** How a session that is resumed proved itself, and when (milliseconds since the epoch). */
export interface EarlierProof {
  readonly by: 'password' | 'certificate'
  readonly at: number
  /** Which let the user in: it alone is asked again. */
  readonly source?: string
}

/** RFC 2759 section 7: the new password encrypted with the old hash, and the old hash with the new one. */
export interface PasswordChange {
  readonly encryptedPassword: Uint8Array
  readonly encryptedHash: Uint8Array
  readonly authenticatorChallenge: Uint8Array
  readonly peerChallenge: Uint8Array
  readonly ntResponse: Uint8Array
  readonly userName: string
}

/** A user as a decision sees it. */
export interface IdentifiedUser {
  readonly id: string
  readonly name: string
  readonly source: string
  /** Nested memberships resolved. */
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  /** Absent: the source does not say. */
  readonly kind?: 'person' | 'computer'
  /** Where the account and its groups were had from; absent: the source keeps them itself. */
  readonly lookup?: AccountLookupKind
}

/** `live`: asked just now; `cached`: within the time set for it; `offline`: the directory is silent, and this is older. */
export type AccountLookupKind = 'live' | 'cached' | 'offline'

/** The authenticator response (`S=` and 40 hex digits) and the MPPE keys of the server's end, 16 octets each. */
export interface MschapV2Answer {
  readonly authenticatorResponse: string
  readonly keys: { readonly send: Uint8Array; readonly receive: Uint8Array }
}

export type AuthenticationOutcome =
  | {
      readonly kind: 'authenticated'
      readonly user: IdentifiedUser
      /** MD4 of the NT hash, where an MS-CHAP form was checked: MPPE keys and the authenticator response need it. */
      readonly ntHashHash?: Uint8Array
      /** MS-CHAPv2: the name the peer hashed, over which the authenticator response must be computed. */
      readonly hashedUserName?: string
      /** MS-CHAPv2, instead of `ntHashHash`: what the server that checked it answered and derived. */
      readonly mschapv2?: MschapV2Answer
      /** The source cannot look the account up without a proof: its sessions must not be resumed. */
      readonly isProvedOnce?: true
    }
  | { readonly kind: 'not-found' }
  /** The directory knows the user, and not as a member of the group its profile asks for. */
  | { readonly kind: 'outside-group'; readonly group: string }
  /** The certificate was issued to a former account of this name. */
  | { readonly kind: 'other-holder' }
  | WrongPassword
  | HeldBack
  /** The account has none: only a certificate lets it in. Told to the peer as a wrong password is. */
  | { readonly kind: 'no-password' }
  | { readonly kind: 'empty-password' }
  /** Several accounts fit the name: which one logs in must not be a matter of chance. */
  | { readonly kind: 'ambiguous'; readonly accounts: readonly string[] }
  /** The certificate holds the security identifier of another account. */
  | { readonly kind: 'certificate-of-other'; readonly sid: string; readonly accountSid: string }
  /** Nothing strong binds the certificate to the account; `tried`: what was looked for, for people. */
  | { readonly kind: 'certificate-unbound'; readonly tried: readonly string[] }
  | { readonly kind: 'disabled' }
  /** Dial-in permission of Active Directory: denied. */
  | { readonly kind: 'dial-in-denied' }
  /** The account may log in by a certificate (smart card) alone. */
  | { readonly kind: 'smart-card-required' }
  /** The account may log in at certain machines alone, and this server is none of them. */
  | { readonly kind: 'workstation-denied' }
  | { readonly kind: 'locked'; readonly until?: string; readonly failures?: number }
  | { readonly kind: 'account-expired'; readonly since?: string }
  | { readonly kind: 'password-expired'; readonly since?: string }
  | { readonly kind: 'must-change-password' }
  /** Only from `resolve`: the password was changed after the session proved the old one. */
  | { readonly kind: 'password-changed'; readonly since: string }
  /** `now`: local day and time, `Sat 22:54`. */
  | { readonly kind: 'outside-logon-hours'; readonly now?: string }
  /** The source knows the user but cannot check this form (CHAP against argon2id); without `storage`: of no user. */
  | { readonly kind: 'form-unsupported'; readonly form: ProofForm; readonly storage?: string }
  /** RFC 2759: the new password breaks the password rules (E=709). */
  | { readonly kind: 'change-refused'; readonly why: string }
  | SourceUnavailable

export interface WrongPassword {
  readonly kind: 'wrong-password'
  readonly failures?: number
  readonly lockoutThreshold?: number
  /** The source refused this very password before, and was not asked again: the device that sent it. */
  readonly repeatedBy?: Pick<Asked, 'client' | 'station'>
}

/**
 * The lock-out shield of the source: the attempt did not reach the directory. `station`: the device failed too often;
 * `account`: what wrong passwords the directory still takes are kept for devices that logged in before.
 */
export interface HeldBack extends Pick<Asked, 'client' | 'station'> {
  readonly kind: 'held-back'
  readonly because: 'station' | 'account'
  /** Wrong passwords of this device since its last right one. */
  readonly stationFailures: number
  /** Wrong passwords until the directory locks the account, and how many those are from the start. */
  readonly left: number
  readonly threshold: number
  readonly until: string
}

/** Neither yes nor no: nobody could be asked, or nobody answered in time or in a way that can be believed. */
export interface SourceUnavailable {
  readonly kind: 'unavailable'
  readonly why: string
  /** Those that were asked, in their order. */
  readonly servers?: readonly string[]
  readonly waitedMilliseconds?: number
  /** Every server of a directory refuses the account Sallyport itself asks by. */
  readonly cause?: 'service-account-refused'
  /** For a reason of ours the server was not asked: no outage of it, and nothing may stand in for its word. */
  readonly isUnasked?: true
}
