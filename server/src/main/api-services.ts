import type { SessionControl } from '../access/dynamic-authorization/action.ts'
import type { AdminAccounts } from '../admins/admin-accounts.ts'
import type { ConfigurationService } from '../config/apply.ts'
import type { Rollover } from '../enrolment/authority/rollover.ts'
import type { CertificateAuthority } from '../enrolment/authority.ts'
import type { ExpiryWatch } from '../enrolment/expiry-watch.ts'
import type { RegistrationAuthority } from '../enrolment/registration/registration-authority.ts'
import type { EnrolmentIdentities } from '../enrolment/registration/requester.ts'
import type { RevocationService } from '../enrolment/revocation/revocation-service.ts'
import type { ServedServerCertificate } from '../enrolment/served-certificates.ts'
import type { SpecialCertificates } from '../enrolment/special-certificates.ts'
import type { StatusActions } from '../enrolment/status/status-action.ts'
import type { ClientTrust } from '../enrolment/trust.ts'
import type { Clock } from '../kernel/clock.ts'
import type { LevelOverride, Logging } from '../kernel/logging.ts'
import type { Metrics } from '../kernel/metrics.ts'
import { onDemand } from '../kernel/on-demand.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Services } from '../listeners/https/services.ts'
import type { Database } from '../store/database.ts'
import type { AccountingForwarding } from './accounting-forwarding.ts'
import { acmeApi } from './api/acme.ts'
import { authorityApi } from './api/authorities.ts'
import { captureApi } from './api/capture.ts'
import { CertificateIssuing } from './api/certificate-issuing.ts'
import { certificateRequestApi } from './api/certificate-requests.ts'
import { certificateTemplateApi } from './api/certificate-templates.ts'
import { certificateApi } from './api/certificates.ts'
import { challengeApi } from './api/challenges.ts'
import { clientSecretApi } from './api/client-secrets.ts'
import { clientApi, drops, unknownClients } from './api/clients.ts'
import { configurationApi } from './api/configuration.ts'
import { directoryApi } from './api/directories.ts'
import { domainPolicyApi } from './api/domain-policy.ts'
import { dryRunApi } from './api/dry-run.ts'
import { grantApi } from './api/grants.ts'
import { healthApi } from './api/health.ts'
import { macApi } from './api/macs.ts'
import { metricsApi } from './api/metrics.ts'
import { receiptApi } from './api/receipts.ts'
import { serverCertificateApi } from './api/server-certificates.ts'
import { sessionActionApi } from './api/session-actions.ts'
import { sessionApi } from './api/sessions.ts'
import { shieldApi } from './api/shield.ts'
import { sourceApi } from './api/sources.ts'
import { trustApi } from './api/trust.ts'
import { upstreamApi } from './api/upstreams.ts'
import { groupApi, userApi } from './api/users.ts'
import type { DirectorySync, DirectorySyncParts } from './directory-sync.ts'
import type { ExpiryMailing } from './enrolment/expiry-mailing.ts'
import type { Publication } from './enrolment/publication.ts'
import type { ProfileLinks } from './profiles/links/profile-links.ts'
import type { RadiusThread } from './radius-thread.ts'
import type { DirectoryWatches } from './sources/directory-watches.ts'
import type { SourceUpkeep } from './sources/source-upkeep.ts'
import type { RemoteStores } from './store-thread.ts'

export interface ApiParts {
  readonly clock: Clock
  readonly logging: Logging
  readonly accounts: AdminAccounts
  readonly configuration: ConfigurationService
  readonly authority: CertificateAuthority
  readonly specialCertificates: SpecialCertificates
  readonly registration: RegistrationAuthority
  readonly identities: EnrolmentIdentities
  readonly rollover: Rollover
  /** Brings CAs that were prepared or switched to everybody who serves; false where they could not be told. */
  readonly caChanged: () => Promise<boolean>
  readonly reader: Database
  readonly stores: RemoteStores
  readonly sealer: Sealer
  readonly workers: readonly RadiusThread[]
  readonly forwarding: AccountingForwarding
  readonly sources: SourceUpkeep
  readonly control: SessionControl
  readonly metrics: Metrics
  readonly directorySync: Pick<DirectorySync, 'begin'>
  readonly directoryWatches: Pick<DirectoryWatches, 'state'>
  readonly openDirectory: DirectorySyncParts['open']
  readonly startedAt: number
  /** To be called before a document is checked. */
  readonly beforePlan: () => Promise<void>
  /** The configuration version logins are decided by, once what is under way has been served. */
  readonly servedVersion: () => Promise<number>
  /** Resolves once logins see the users and groups that were written before the call. */
  readonly written: () => Promise<void>
  readonly statusActions: StatusActions
  readonly links: ProfileLinks
  /** Where the enrolment port listens; absent: nowhere. */
  readonly enrolmentAddress?: string
  readonly publication: Pick<Publication, 'warnings' | 'crls' | 'lists'>
  readonly ready: () => boolean
  /** What logins that begin now are shown. */
  readonly served: () => readonly ServedServerCertificate[]
  readonly expiry: ExpiryWatch
  readonly expiryMailing: ExpiryMailing
  /** What client certificates are checked against now. */
  readonly trust: () => ClientTrust
  readonly revocation: RevocationService
}

/**
 * The API's view of the house: reads from the reader connection, writes through the store thread. What is large and seldom
 * asked for is loaded when it is.
 */
export function apiServices(parts: ApiParts): Services {
  const { clock, logging, accounts, stores, workers } = parts
  const configuration = configurationApi(parts)
  const issuing = new CertificateIssuing(parts)
  const services: Omit<Services, 'supportBundle'> = {
    clock,
    log: logging.for('api'),
    accounts,
    configuration,
    users: userApi(parts),
    groups: groupApi(parts),
    macs: macApi(parts),
    directories: directoryApi(parts),
    certificates: certificateApi(parts, issuing),
    certificateRequests: certificateRequestApi(parts, issuing),
    certificateTemplates: certificateTemplateApi(parts),
    acme: acmeApi(parts),
    challenges: challengeApi(parts),
    profileLint: onDemand(async () => (await import('./api/profile-lint.ts')).profileLintApi(parts)),
    clientErrors: onDemand(async () =>
      (await import('./api/client-errors.ts')).clientErrorApi(parts, () => drops(workers)),
    ),
    links: onDemand(async () => (await import('./api/links.ts')).linkApi(parts, issuing)),
    connections: onDemand(async () => {
      const [{ connectionApi }, { profileMaker }] = await Promise.all([
        import('./api/connections.ts'),
        import('./profiles/open-profile-maker.ts'),
      ])
      return connectionApi(parts, issuing, profileMaker(parts, issuing))
    }),
    gateways: onDemand(async () => (await import('./api/gateways.ts')).gatewayApi(parts)),
    authorities: authorityApi(parts),
    domainPolicy: domainPolicyApi(parts),
    serverCertificates: serverCertificateApi(parts.served),
    trust: trustApi(parts.trust, parts.revocation),
    clients: clientApi(parts),
    grants: grantApi(parts),
    dryRuns: dryRunApi(parts),
    clientSecrets: clientSecretApi(parts, configuration.apply),
    sessions: sessionApi(parts),
    sessionActions: sessionActionApi(parts),
    shield: shieldApi(parts),
    sources: sourceApi(parts),
    sourceTests: onDemand(async () => (await import('./api/source-test.ts')).sourceTestApi(parts)),
    upstreams: upstreamApi(parts),
    receipts: receiptApi(parts),
    diagnostics: { unknownClients: () => unknownClients(workers), drops: () => drops(workers) },
    capture: captureApi(parts),
    health: healthApi(parts),
    metrics: metricsApi(parts),
    logLevels: {
      levels: async () => logging.levels(),
      set: async (component, level, until) => {
        const override: LevelOverride = { component, level, until }
        logging.override(override)
        await Promise.all(workers.map((worker) => worker.remote.setLevel(override)))
      },
    },
    audit: { record: (entry) => stores.audit.record(entry) },
  }
  return {
    ...services,
    supportBundle: onDemand(async () =>
      (await import('./api/support-bundle.ts')).supportBundleApi(parts, services),
    ),
  }
}
