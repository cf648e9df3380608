import type { GeneralName } from '@sallyport/pki'
import type { Reason } from '../../reasons/index.ts'

/** An account as a certificate may name it; everything comes from its identity source, nothing from a request. */
export interface EnrolmentIdentity {
  readonly kind: 'person' | 'computer'
  /** `IdentifiedUser.id`, which logins compare with what the certificate says: survives a renaming. */
  readonly id: string
  readonly source: string
  /** Without realm. */
  readonly name: string
  /** Under which realm the name leads back to this account; absent: the bare name does. */
  readonly realm?: string
  /** userPrincipalName where the directory has one, else `name@realm`. */
  readonly upn?: string
  readonly displayName?: string
  readonly email?: string
  /** Of a computer. */
  readonly dnsName?: string
  /** Security identifier (Active Directory). */
  readonly sid?: string
  /** Nested memberships resolved. */
  readonly groups: readonly string[]
}

export type IdentityAnswer =
  | { readonly kind: 'known'; readonly identity: EnrolmentIdentity }
  /** Wrong password, unknown, disabled, locked ...: told to the requester in one and the same way. */
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** Nobody could be asked: neither yes nor no. */
  | { readonly kind: 'unavailable'; readonly reason: Reason }

/** Who people and computers are, for enrolment; asks the same sources in the same order as logins do. */
export interface EnrolmentIdentities {
  /** @param wholeName with its realm, as typed; @param from address of the client, for lock-out and the log */
  authenticate(wholeName: string, password: Uint8Array, from: string): Promise<IdentityAnswer>
  /** An account somebody else vouched for (Kerberos, an administrator), as it is now. */
  find(wholeName: string): Promise<IdentityAnswer>
  /** The account a certificate was issued to, as it is now. @param id `EnrolmentIdentity.id` */
  byId(id: string, name: string): Promise<IdentityAnswer>
}

/** How the requester was proved. */
export type RequesterProof =
  | 'password'
  | 'kerberos'
  /** By a valid certificate of ours, whose key signed the request or the TLS handshake. */
  | 'certificate'
  /** One-time secret an administrator, a person or an MDM was given for this very request. */
  | 'challenge'
  | 'acme-account'
  | 'administrator'

/** Who asks for a certificate, as the protocol proved it. Plain data: it is stored with a request that waits. */
export interface Requester {
  readonly by: RequesterProof
  /** For people: `alice@example.org`, `admin`, `ACME account 17`. */
  readonly name: string
  /** Address of the client. */
  readonly from?: string
  /** The account the certificate is for; absent where it is for a device or a server without an account. */
  readonly identity?: EnrolmentIdentity
  /** The device it is for, as whoever vouched for it calls it. */
  readonly deviceId?: string
  /** Names the protocol or a challenge proved; only templates with `names: proved` use them. */
  readonly provedNames?: readonly GeneralName[]
  /** Exactly this template, where a challenge or an ACME account is bound to one. */
  readonly boundTemplate?: string
  /** SHA-256 of the SubjectPublicKeyInfo its device attested, lower-case hex. */
  readonly attestedKey?: string
}
