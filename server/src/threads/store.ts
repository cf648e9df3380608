/**
 * Composition root of the store thread: the only writer of the database. Everything that must be durable comes here;
 * nothing here looks at a packet.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { AccountingService } from '../access/accounting/accounting-service.ts'
import { ClientObservationStore } from '../access/clients/client-observation-store.ts'
import { DynamicAuthorizationStore } from '../access/dynamic-authorization/dynamic-authorization-store.ts'
import { ForwardedAccountingStore } from '../access/proxy/forwarded-accounting-store.ts'
import { SessionDirectory } from '../access/sessions/session-directory.ts'
import { SessionLimits } from '../access/sessions/session-limits.ts'
import { AdminStore } from '../admins/admin-store.ts'
import type { DataWriter } from '../config/data-section.ts'
import { VersionStore } from '../config/version-store.ts'
import { AcmeStore } from '../enrolment/acme/acme-store.ts'
import { AnchorStore } from '../enrolment/anchors/anchor-store.ts'
import { AuthorityStore } from '../enrolment/authority/authority-store.ts'
import { CertificateStore } from '../enrolment/certificate-store.ts'
import { ChallengeStore } from '../enrolment/challenges/challenge-store.ts'
import { CertificateRequestStore } from '../enrolment/registration/certificate-request-store.ts'
import { ScepTransactionStore } from '../enrolment/scep/scep-transaction-store.ts'
import { CertificateStatusStore } from '../enrolment/status/certificate-status-store.ts'
import { CrlStore } from '../enrolment/status/crl-store.ts'
import { CertificateUpkeepStore } from '../enrolment/upkeep/certificate-upkeep-store.ts'
import { GrantStore } from '../grants/grant-store.ts'
import { DirectoryObjectStore } from '../identity/ldap/sync/directory-object-store.ts'
import { GroupStore } from '../identity/local/group-store.ts'
import { GroupWriter } from '../identity/local/group-writes.ts'
import { Lockout } from '../identity/local/lockout.ts'
import { UserStore } from '../identity/local/user-store.ts'
import { UserWriter } from '../identity/local/user-writes.ts'
import { MacStore } from '../identity/mac/mac-store.ts'
import { MacWriter } from '../identity/mac/mac-writes.ts'
import { KnownAccountStore } from '../identity/offline/known-account-store.ts'
import { Shield } from '../identity/shield/shield.ts'
import { AuditStore } from '../journal/audit-store.ts'
import { ReceiptStore } from '../journal/receipt-store.ts'
import { systemClock } from '../kernel/clock.ts'
import { imageOf } from '../kernel/error-image.ts'
import { readKeyFile } from '../kernel/key-file.ts'
import { Metrics } from '../kernel/metrics.ts'
import { expose } from '../kernel/rpc.ts'
import { Sealer } from '../kernel/seal.ts'
import { SharedCounter } from '../kernel/shared-counter.ts'
import { MailMarkStore } from '../mail/mark-store.ts'
import { ProfileLinkStore } from '../profiles/links/profile-link-store.ts'
import { openWriter } from '../store/open.ts'
import { ProjectionMarkStore } from '../store/projection-mark-store.ts'
import { SharedTransactions } from '../store/shared-transactions.ts'
import type {
  StoreServiceName,
  StoreServices,
  StoreThreadData,
  StoreThreadStarted,
} from './store-services.ts'

async function buildServices({ databaseUrl, keyFile, userChanges }: StoreThreadData): Promise<StoreServices> {
  const clock = systemClock
  const sealer = new Sealer(readKeyFile(keyFile))
  const database = await openWriter(databaseUrl)
  const transactions = new SharedTransactions(database.kysely)
  const metrics = new Metrics()
  const sessionLimits = new SessionLimits(database, clock.now)
  const forwardedAccounting = new ForwardedAccountingStore(database)
  const accounting = new AccountingService(database, sessionLimits, forwardedAccounting)
  await forwardedAccounting.queues()
  metrics.gauge('store_waiting', 'Writes waiting for their commit', () => accounting.waiting)
  metrics.gauges('accounting_records', 'Accounting records: new, or stored already', ['kind'], () => {
    const { stored, duplicate } = accounting.counts
    return [
      [{ kind: 'new' }, stored],
      [{ kind: 'duplicate' }, duplicate],
    ]
  })
  metrics.gauge(
    'session_reservations',
    'Accepts under a session limit whose accounting has not begun',
    () => sessionLimits.reservations,
  )
  const knownAccounts = new KnownAccountStore({ database, sealer, clock })
  metrics.gauge(
    'known_account_write_failures',
    'Writes in a row of what directories last said that failed',
    () => knownAccounts.failures,
  )
  const shield = new Shield(clock)
  metrics.gauge('shield_held_devices', 'Devices the lock-out shield holds back', () => shield.heldDevices)
  const changes = new SharedCounter(userChanges)
  const changed = (): void => changes.increment()
  const users = new UserStore(database, clock, changed)
  const writers = new Map<string, DataWriter>([
    ['groups', new GroupWriter(database)],
    ['users', new UserWriter(database, clock)],
    ['macs', new MacWriter(database, clock)],
  ])
  return {
    accounting,
    acme: new AcmeStore(database.kysely, transactions),
    admins: new AdminStore(database),
    anchors: new AnchorStore(database.kysely),
    mailMarks: new MailMarkStore(database.kysely),
    audit: new AuditStore(database),
    authorities: new AuthorityStore(database.kysely),
    certificates: new CertificateStore(database.kysely, transactions),
    certificateRequests: new CertificateRequestStore(database.kysely, transactions),
    certificateStatus: new CertificateStatusStore(database),
    certificateUpkeep: new CertificateUpkeepStore(database.kysely),
    challenges: new ChallengeStore(database.kysely, transactions),
    clientObservations: new ClientObservationStore(database, clock),
    control: {
      metrics: () => metrics.snapshot(),
      close: async () => {
        await accounting.close()
        await transactions.close()
        await knownAccounts.close()
        await database.close()
      },
    },
    crls: new CrlStore(database),
    forwardedAccounting,
    directoryObjects: new DirectoryObjectStore(database),
    dynamicAuthorizations: new DynamicAuthorizationStore(database),
    grants: new GrantStore(database),
    groups: new GroupStore(database, changed),
    projectionMarks: new ProjectionMarkStore(database.kysely),
    knownAccounts,
    lockout: new Lockout(users, clock),
    macs: new MacStore(database, clock, changed),
    profileLinks: new ProfileLinkStore(database.kysely, transactions),
    receipts: new ReceiptStore(database),
    scepTransactions: new ScepTransactionStore(database.kysely),
    sessionLimits,
    sessions: new SessionDirectory(database),
    shield,
    users,
    versions: new VersionStore(database, writers, changed),
  }
}

const main = parentPort as MessagePort // this file is only ever started as a worker
try {
  const services = await buildServices(workerData as StoreThreadData)
  main.on('message', (ports: Partial<Record<StoreServiceName, MessagePort>>) => {
    for (const [name, port] of Object.entries(ports)) expose(port, services[name as StoreServiceName])
  })
  main.postMessage({ ready: true } satisfies StoreThreadStarted)
} catch (error) {
  main.postMessage({ ready: false, error: imageOf(error) } satisfies StoreThreadStarted)
}
