/** A user of a directory as a sync reads it. Times are milliseconds since the epoch. */
export interface DirectoryUser {
  /** objectGUID, entryUUID or the key of the DN. */
  readonly id: string
  readonly name: string
  readonly upn?: string
  readonly displayName?: string
  readonly surname?: string
  readonly mail?: string
  /** Every e-mail address, `mail` among them, and the UPN. */
  readonly addresses: readonly string[]
  readonly department?: string
  readonly dn: string
  readonly sid?: string
  /** Of the group whose membership Active Directory keeps in the user (primaryGroupID). */
  readonly primaryGroupSid?: string
  readonly disabled: boolean
  /** Absent: never. */
  readonly expiresAt?: number
}

export interface DirectoryGroup {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly dn: string
  readonly sid?: string
}

/** What a sync of a source did, for people. */
export interface SyncCounts {
  readonly kind: 'full' | 'changes'
  /** Of the server that was asked. */
  readonly server: string
  readonly read: number
  readonly added: number
  readonly changed: number
  readonly deleted: number
  /** Memberships that came and went. */
  readonly joined: number
  readonly left: number
  readonly milliseconds: number
}
