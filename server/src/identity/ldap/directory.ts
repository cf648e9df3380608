import type { PasswordPolicyFault } from '@sallyport/ldap'

/**
 * One named LDAP profile as this thread reaches it: behind it stand the pool, the choice of a server, deadlines and the
 * circuit breaker. Nothing here throws for what a server does or leaves undone; every answer is a value.
 */
export interface Directory extends DirectorySearch {
  readonly name: string
  /** By the service account (regular), or without a name (anonymous, simple). Referrals are skipped, never followed. */
  search(query: DirectoryQuery): Promise<SearchAnswer>
  /** Proves a password: a bind on a connection used for nothing else. An empty password is refused before. */
  bind(dn: string, password: Uint8Array, deadlineMilliseconds?: number): Promise<BindAnswer>
  /** Proves a password, and then asks as the user, on the connection of that bind: bindMode simple. */
  asUser<Answer>(
    dn: string,
    password: Uint8Array,
    ask: (as: DirectorySearch) => Promise<Answer>,
    deadlineMilliseconds?: number,
  ): Promise<UserAnswer<Answer>>
  /** A connection of its own, of the service account, for one job: sync. `kind` is `session` where it is one. */
  openSession(): Promise<DirectorySession | LdapRefusal | DirectoryUnavailable>
  readonly state: DirectoryState
}

export interface DirectorySearch {
  search(query: DirectoryQuery): Promise<SearchAnswer>
}

export type UserAnswer<Answer> =
  | { readonly kind: 'bound'; readonly server: string; readonly answer: Answer }
  | LdapRefusal
  | DirectoryUnavailable

export interface DirectoryQuery {
  readonly base: string
  readonly scope: 'base' | 'one' | 'sub'
  /** Written with `filter` of `filter.ts`, which escapes values. */
  readonly filter: string
  readonly attributes: readonly string[]
  /** More entries than this are an error of the question: `too-many`. */
  readonly limit: number
  /** Left of the whole login's time, milliseconds; default: the profile's deadline. */
  readonly deadlineMilliseconds?: number
}

export type SearchAnswer =
  | { readonly kind: 'entries'; readonly entries: readonly DirectoryEntry[]; readonly server: string }
  /** The server answered with an error: LDAP result code (RFC 4511 section 4.1.9) and its diagnostic message. */
  | LdapRefusal
  | { readonly kind: 'too-many'; readonly server: string }
  | DirectoryUnavailable

export type BindAnswer =
  | { readonly kind: 'bound'; readonly server: string }
  | LdapRefusal
  | DirectoryUnavailable

export interface LdapRefusal {
  readonly kind: 'refused'
  readonly code: number
  readonly message: string
  readonly server: string
  /** Of a bind: what the password policy says. The password may have been right (code 0: it was). */
  readonly policy?: PasswordPolicyFault
}

/** No server could be asked, or none answered in time or in a way that can be believed. `why`: for people. */
export interface DirectoryUnavailable {
  readonly kind: 'unavailable'
  readonly why: string
  /** Those that were tried, in their order; empty: none could be, for the breaker of each was open. */
  readonly servers?: readonly string[]
  /** Every server refuses the service account: the administrator must look, and no user's password is to blame. */
  readonly cause?: 'service-account-refused'
  /** The servers are well, and this question is what they cannot be asked: nothing may stand in for the answer. */
  readonly isUnasked?: true
}

export interface DirectoryEntry {
  readonly dn: string
  /**
   * Names of the attributes as the server wrote them, options included: Active Directory answers `member` of a large group
   * as `member;range=0-1499` ([MS-ADTS] 3.1.1.3.1.3.3), and only this name tells which part it is.
   */
  readonly names: readonly string[]
  /** Names are compared without case. Empty where the attribute is absent. */
  octets(attribute: string): readonly Uint8Array[]
  /** UTF-8. */
  texts(attribute: string): readonly string[]
  text(attribute: string): string | undefined
}

/**
 * One connection to one server, used by one job alone: update sequence numbers and the cookies of paged searches mean
 * nothing elsewhere. Whoever opened it closes it.
 */
export interface DirectorySession extends DirectorySearch {
  readonly kind: 'session'
  readonly server: string
  search(query: DirectoryQuery): Promise<SearchAnswer>
  /** Simple paged results (RFC 2696), one page at a time and each within the deadline. Ends after anything but a page. */
  searchPaged(query: PagedQuery): AsyncIterable<PageAnswer>
  close(): void
}

export type PagedQuery = Omit<DirectoryQuery, 'limit'> & {
  readonly pageSize: number
  /** Shows deleted objects too (1.2.840.113556.1.4.417, Active Directory); a server that does not know it is asked without. */
  readonly showDeleted?: boolean
}

/** `entries`: more may come. */
export type PageAnswer = Exclude<SearchAnswer, { readonly kind: 'too-many' }>

export interface DirectoryState {
  readonly servers: readonly {
    readonly server: string
    /** `open`: not asked, for the breaker's time; `half-open`: one question tries it. */
    readonly breaker: 'closed' | 'open' | 'half-open'
    readonly lastError?: string
  }[]
}
