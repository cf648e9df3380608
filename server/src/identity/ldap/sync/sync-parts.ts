import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { DirectorySession } from '../directory.ts'
import type { AffectedUsers } from './affected-users.ts'
import type { DirectoryObjectStore, SyncLease } from './directory-object-store.ts'
import type { DirectoryObjects } from './directory-objects.ts'
import type { KnownObjects } from './known-objects.ts'
import type { ChangeMarks, SyncedServer } from './sync-mark.ts'

export type ObjectKind = 'users' | 'groups'

/** What a run stands on. */
export interface SyncParts {
  readonly source: LdapSourceConfiguration
  readonly session: DirectorySession
  readonly server: SyncedServer
  readonly objects: DirectoryObjects
  readonly marks: ChangeMarks
  readonly known: KnownObjects
  readonly affected: AffectedUsers
  readonly store: { write: DirectoryObjectStore['write'] }
  /** Told before grants are decided again: what logins keep of these users, or of all, is not true any more. */
  readonly changed: (users: readonly string[] | undefined) => Promise<void>
  /** As it is to be from now on. */
  readonly lease: () => SyncLease
  /** The first sync of a source changes nothing for anybody: nobody was known. */
  readonly isFirst: boolean
  /** Delete however many are gone. */
  readonly isForced: boolean
  readonly clock: Clock
}
