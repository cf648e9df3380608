import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import type { AccountingService } from '../access/accounting/accounting-service.ts'
import type { ClientObservationStore } from '../access/clients/client-observation-store.ts'
import type { DynamicAuthorizationStore } from '../access/dynamic-authorization/dynamic-authorization-store.ts'
import type { ForwardedAccountingStore } from '../access/proxy/forwarded-accounting-store.ts'
import type { SessionDirectory } from '../access/sessions/session-directory.ts'
import type { SessionLimits } from '../access/sessions/session-limits.ts'
import type { AdminStore } from '../admins/admin-store.ts'
import type { VersionStore } from '../config/version-store.ts'
import type { AcmeStore } from '../enrolment/acme/acme-store.ts'
import type { AnchorStore } from '../enrolment/anchors/anchor-store.ts'
import type { AuthorityStore } from '../enrolment/authority/authority-store.ts'
import type { CertificateStore } from '../enrolment/certificate-store.ts'
import type { ChallengeStore } from '../enrolment/challenges/challenge-store.ts'
import type { CertificateRequestStore } from '../enrolment/registration/certificate-request-store.ts'
import type { ScepTransactionStore } from '../enrolment/scep/scep-transaction-store.ts'
import type { CertificateStatusStore } from '../enrolment/status/certificate-status-store.ts'
import type { CrlStore } from '../enrolment/status/crl-store.ts'
import type { CertificateUpkeepStore } from '../enrolment/upkeep/certificate-upkeep-store.ts'
import type { GrantStore } from '../grants/grant-store.ts'
import type { DirectoryObjectStore } from '../identity/ldap/sync/directory-object-store.ts'
import type { GroupStore } from '../identity/local/group-store.ts'
import type { LockoutOwner } from '../identity/local/lockout.ts'
import type { UserStore } from '../identity/local/user-store.ts'
import type { MacStore } from '../identity/mac/mac-store.ts'
import type { KnownAccountStore } from '../identity/offline/known-account-store.ts'
import type { ShieldOwner } from '../identity/shield/shield-owner.ts'
import type { AuditStore, ReceiptStore } from '../journal/index.ts'
import type { ErrorImage } from '../kernel/error-image.ts'
import type { MailMarkStore } from '../mail/mark-store.ts'
import type { ProfileLinkStore } from '../profiles/links/profile-link-store.ts'
import type { ProjectionMarkStore } from '../store/projection-mark-store.ts'

/** What the store thread does for the others; each service has a port of its own. */
export interface StoreServices {
  readonly accounting: AccountingService
  readonly acme: AcmeStore
  readonly admins: AdminStore
  readonly anchors: AnchorStore
  readonly audit: AuditStore
  readonly authorities: AuthorityStore
  readonly certificates: CertificateStore
  readonly certificateRequests: CertificateRequestStore
  readonly certificateStatus: CertificateStatusStore
  readonly certificateUpkeep: CertificateUpkeepStore
  readonly challenges: ChallengeStore
  readonly clientObservations: ClientObservationStore
  readonly control: StoreControl
  readonly crls: CrlStore
  readonly directoryObjects: DirectoryObjectStore
  readonly dynamicAuthorizations: DynamicAuthorizationStore
  readonly forwardedAccounting: ForwardedAccountingStore
  readonly grants: GrantStore
  readonly groups: GroupStore
  readonly projectionMarks: ProjectionMarkStore
  readonly knownAccounts: KnownAccountStore
  readonly lockout: LockoutOwner
  readonly macs: MacStore
  readonly mailMarks: MailMarkStore
  readonly profileLinks: ProfileLinkStore
  readonly receipts: ReceiptStore
  readonly scepTransactions: ScepTransactionStore
  readonly sessionLimits: SessionLimits
  readonly sessions: SessionDirectory
  readonly shield: ShieldOwner
  readonly users: UserStore
  readonly versions: VersionStore
}

export interface StoreControl {
  metrics(): Promise<import('../kernel/metrics.ts').MetricsSnapshot>
  /** Commits what waits and closes the database. */
  close(): Promise<void>
}

export type StoreServiceName = keyof StoreServices
export type StorePorts<Name extends StoreServiceName = StoreServiceName> = Readonly<Record<Name, MessagePort>>

/** What main tells the store thread at its start. */
export interface StoreThreadData {
  readonly databaseUrl: string
  readonly keyFile: string
  /** Incremented after every change of users and groups. */
  readonly userChanges: SharedArrayBuffer
}

/** What the store thread tells main once. */
export type StoreThreadStarted =
  | { readonly ready: true }
  | { readonly ready: false; readonly error: ErrorImage }

/** Opens a port to each of the named services. */
export function connectStore<Name extends StoreServiceName>(
  worker: Worker,
  names: readonly Name[],
): StorePorts<Name> {
  const channels = names.map((name) => [name, new MessageChannel()] as const)
  const theirs = Object.fromEntries(channels.map(([name, channel]) => [name, channel.port1]))
  worker.postMessage(theirs, Object.values(theirs))
  // One port for each of the names, made one line above.
  return Object.fromEntries(channels.map(([name, channel]) => [name, channel.port2])) as StorePorts<Name>
}
