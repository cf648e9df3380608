import type * as z from 'zod'
import type { AdminAccounts } from '../../admins/admin-accounts.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Component, Level, Logger } from '../../kernel/logging.ts'
import type * as dryRunModel from './dry-run-model.ts'
import type * as model from './model.ts'

/**
 * What the API needs from the rest of the house. `main.ts` gives the real ones; every method may throw RequestError
 * (the caller's fault: shown), ConfigError (with `problems`: shown) or anything else (500, cause in the log only).
 */
export interface Services {
  readonly clock: Clock
  readonly log: Logger
  readonly accounts: AdminAccounts
  readonly configuration: ConfigurationService
  readonly users: UserService
  readonly groups: GroupService
  readonly macs: MacService
  readonly directories: DirectoryService
  readonly certificates: CertificateService
  readonly certificateRequests: CertificateRequestService
  readonly certificateTemplates: CertificateTemplateService
  readonly acme: AcmeAdminService
  readonly challenges: ChallengeService
  readonly connections: ConnectionService
  readonly gateways: GatewayService
  readonly clientErrors: ClientErrorService
  readonly links: LinkService
  readonly profileLint: ProfileLintService
  readonly authorities: AuthorityService
  readonly domainPolicy: DomainPolicyService
  readonly serverCertificates: ServerCertificateService
  readonly trust: TrustService
  readonly clients: ClientService
  readonly dryRuns: DryRunService
  readonly clientSecrets: ClientSecretService
  readonly sessions: SessionService
  readonly sessionActions: SessionActionService
  readonly shield: ShieldService
  readonly sources: SourceService
  readonly sourceTests: SourceTestService
  readonly upstreams: UpstreamService
  readonly receipts: ReceiptService
  readonly grants: GrantService
  readonly diagnostics: DiagnosticsService
  readonly capture: CaptureService
  readonly supportBundle: SupportBundleService
  readonly health: HealthService
  readonly metrics: MetricsService
  readonly logLevels: LogLevelService
  readonly audit: AuditService
}

export type LintReport = z.output<typeof model.lintReportSchema>
export type ConnectionLint = z.output<typeof model.connectionLintSchema>
export type ClientError = z.output<typeof model.clientErrorSchema>
export type Connection = z.output<typeof model.connectionSchema>
export type Link = z.output<typeof model.linkSchema>
export type MadeLink = z.output<typeof model.madeLinkSchema>
export type MadeFiles = z.output<typeof model.madeFilesSchema>
export type Gateway = z.output<typeof model.gatewaySchema>
export type GatewayCheckLine = z.output<typeof model.gatewayCheckLineSchema>
export type ProfileFile = z.output<typeof model.profileFileSchema>
export type Challenge = z.output<typeof model.challengeSchema>
export type MadeChallenge = z.output<typeof model.madeChallengeSchema>
export type User = z.output<typeof model.userSchema>
export type NewUser = z.output<typeof model.newUserSchema>
export type NewPassword = z.output<typeof model.newPasswordSchema>
export type UserPatch = z.output<typeof model.userPatchSchema>
export type Group = z.output<typeof model.groupSchema>
export type NewGroup = z.output<typeof model.newGroupSchema>
export type Mac = z.output<typeof model.macSchema>
export type NewMac = z.output<typeof model.newMacSchema>
export type MacPatch = z.output<typeof model.macPatchSchema>
export type ImportedMacs = z.output<typeof model.importedMacsSchema>
export type UnknownMac = z.output<typeof model.unknownMacSchema>
export type Directory = z.output<typeof model.directorySchema>
export type DirectoryUser = z.output<typeof model.directoryUserSchema>
export type DirectoryGroup = z.output<typeof model.directoryGroupSchema>
export type DirectoryListing = z.output<typeof model.directoryListingSchema>
export type AcmeKey = z.output<typeof model.acmeKeySchema>
export type MadeAcmeKey = z.output<typeof model.madeAcmeKeySchema>
export type AcmeAccount = z.output<typeof model.acmeAccountSchema>
export type AcmePageQuery = z.output<typeof model.acmePageSchema>
export type Certificate = z.output<typeof model.certificateSchema>
export type NewCertificate = z.output<typeof model.newCertificateSchema>
export type NewPkcs12 = z.output<typeof model.newPkcs12Schema>
export type MadePkcs12 = z.output<typeof model.madePkcs12Schema>
export type CertificateRequest = z.output<typeof model.certificateRequestSchema>
export type CertificateRequestDetail = z.output<typeof model.certificateRequestDetailSchema>
export type CertificateTemplate = z.output<typeof model.certificateTemplateStateSchema>
export type IssuedCertificate = z.output<typeof model.issuedCertificateSchema>
export type ChangedCertificate = z.output<typeof model.changedCertificateSchema>
export type Revocation = z.output<typeof model.revocationSchema>
export type CertificateAuthority = z.output<typeof model.authoritySchema>
export type Authority = z.output<typeof model.authorityItemSchema>
export type AuthorityList = z.output<typeof model.authorityListSchema>
export type AuthorityRequest = z.output<typeof model.authorityRequestSchema>
export type NewAuthority = z.output<typeof model.newAuthoritySchema>
export type NewAuthorityRequest = z.output<typeof model.newAuthorityRequestSchema>
export type ImportedAuthority = z.output<typeof model.importedAuthoritySchema>
export type TrustedCa = z.output<typeof model.trustedCaSchema>
export type ServerCertificate = z.output<typeof model.serverCertificateSchema>
export type Client = z.output<typeof model.clientSchema>
export type UnknownClient = z.output<typeof model.unknownClientSchema>
export type CaptureRequest = z.output<typeof model.captureRequestSchema>
export type Drop = z.output<typeof model.dropSchema>
export type MadeSecret = z.output<typeof model.madeSecretSchema>
export type ClientRotation = z.output<typeof model.clientRotationSchema>
export type ClientBoard = z.output<typeof model.clientBoardSchema>
export type ClientBoardQuery = z.output<typeof model.clientBoardQuerySchema>
export type ServedVersion = z.output<typeof model.servedVersionSchema>
export type ResolvedAddress = z.output<typeof model.resolvedSchema>
export type SessionAction = z.output<typeof model.sessionActionSchema>
export type SessionActionRequest = z.output<typeof model.sessionActionRequestSchema>
export type SessionActionResult = z.output<typeof model.sessionActionResultSchema>
export type SessionActionQuery = z.output<typeof model.sessionActionQuerySchema>
export type SourceTestReport = z.output<typeof model.sourceTestReportSchema>
export type ShieldedAccount = z.output<typeof model.shieldedAccountSchema>
export type UpstreamList = z.output<typeof model.upstreamListSchema>
export type SourceStatus = z.output<typeof model.sourceStatusSchema>
export type UpstreamStatus = z.output<typeof model.upstreamStatusSchema>
export type DryReply = z.output<typeof dryRunModel.dryReplySchema>
export type PolicyTrial = z.output<typeof dryRunModel.policyTrialSchema>
export type Session = z.output<typeof model.sessionSchema>
export type GrantAction = z.output<typeof model.grantActionSchema>
export type GrantActionQuery = z.output<typeof model.grantActionQuerySchema>
export type Recheck = z.output<typeof model.recheckSchema>
export type Receipt = z.output<typeof model.receiptSchema>
export type ReceiptDetail = z.output<typeof model.receiptDetailSchema>
export type Explanation = z.output<typeof model.explanationSchema>
export type ConfigurationPlan = z.output<typeof model.planSchema>
export type AppliedConfiguration = z.output<typeof model.appliedSchema>
export type RolledBack = z.output<typeof model.rolledBackSchema>
export type ConfigurationVersion = z.output<typeof model.versionSchema>
export type ConfigurationText = z.output<typeof model.documentSchema>
export type HealthReport = z.output<typeof model.healthSchema>
export type LogLevels = z.output<typeof model.logLevelsSchema>
export type ListQuery = z.output<typeof model.listQuerySchema>
export type CertificateQuery = z.output<typeof model.certificateQuerySchema>
export type SessionQuery = z.output<typeof model.sessionQuerySchema>
export type LoginsUnderWayQuery = z.output<typeof model.loginsUnderWayQuerySchema>
export type LoginUnderWay = z.output<typeof model.loginUnderWaySchema>
export type ReceiptQuery = z.output<typeof model.receiptQuerySchema>

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Goes into `cursor` of the next call; absent on the last page. */
  readonly next?: string
}

export interface ConfigurationService {
  /** The served document, or that of an older version; undefined where there is no such version. */
  export(version?: number): Promise<ConfigurationText | undefined>
  versions(query: ListQuery): Promise<Page<ConfigurationVersion>>
  plan(request: z.output<typeof model.planRequestSchema>): Promise<ConfigurationPlan>
  /** Throws RequestError 'version-conflict' where the base moved, ConfigError where the document has errors. */
  apply(request: z.output<typeof model.applyRequestSchema>, author: string): Promise<AppliedConfiguration>
  rollback(request: z.output<typeof model.rollbackRequestSchema>, author: string): Promise<RolledBack>
}

/** Not found is `undefined`, or RequestError 'not-found' where something was to be changed. */
export interface UserService {
  list(query: ListQuery): Promise<Page<User>>
  get(name: string): Promise<User | undefined>
  create(user: NewUser): Promise<void>
  change(name: string, patch: UserPatch): Promise<void>
  remove(name: string): Promise<void>
  setPassword(name: string, password: NewPassword): Promise<void>
  unlock(name: string): Promise<void>
}

export interface GroupService {
  list(query: ListQuery): Promise<Page<Group>>
  create(group: NewGroup): Promise<void>
  remove(name: string): Promise<void>
}

/** Accounts of ACME clients. Throws RequestError 'acme-key-not-found', 'acme-account-not-found', 'acme-not-served'. */
export interface AcmeAdminService {
  keys(query: AcmePageQuery): Promise<Page<AcmeKey>>
  createKey(key: z.output<typeof model.newAcmeKeySchema>, createdBy: string): Promise<MadeAcmeKey>
  removeKey(id: string): Promise<void>
  accounts(query: AcmePageQuery): Promise<Page<AcmeAccount>>
  deactivate(id: string): Promise<AcmeAccount>
}

/** The MAC store. `mac` is normalised. Throws RequestError 'mac-exists', 'mac-not-found'. */
export interface MacService {
  list(query: ListQuery): Promise<Page<Mac>>
  get(mac: string): Promise<Mac | undefined>
  create(mac: NewMac): Promise<void>
  change(mac: string, patch: MacPatch): Promise<void>
  remove(mac: string): Promise<void>
  /** Adds or replaces, all or none. */
  import(macs: readonly NewMac[]): Promise<ImportedMacs>
  /** Addresses that asked and are not in the store, the latest first; bounded. */
  unknown(): Promise<readonly UnknownMac[]>
}

/**
 * Directories of identity sources. Throws RequestError 'directory-not-found', 'directory-not-synced',
 * 'directory-sync-running', 'directory-unavailable' (with what is wrong and what to do).
 */
export interface DirectoryService {
  list(): Promise<readonly Directory[]>
  /** Resolves once it is under way. */
  sync(name: string, order: z.output<typeof model.directorySyncOrderSchema>): Promise<void>
  /** `search` is the beginning of a name or an e-mail address. */
  users(name: string, query: ListQuery): Promise<Page<DirectoryUser>>
  groups(name: string, query: ListQuery): Promise<Page<DirectoryGroup>>
  browse(name: string, query: z.output<typeof model.directoryBrowseQuerySchema>): Promise<DirectoryListing>
  browseUnsaved(trial: z.output<typeof model.directoryTrialSchema>): Promise<DirectoryListing>
}

export interface CertificateChange extends Partial<Revocation> {
  readonly to: 'revoked' | 'held' | 'released'
}

/** The own CA. */
export interface CertificateService {
  /** The latest first. */
  list(query: CertificateQuery): Promise<Page<Certificate>>
  /** Throws RequestError 'user-not-found', 'no-realm-for-user', 'certificate-request-invalid', and any refusal of the
   * registration authority. */
  issue(certificate: NewCertificate, author: string): Promise<IssuedCertificate>
  /** Throws what `issue` throws. */
  pkcs12(wish: NewPkcs12, author: string): Promise<MadePkcs12>
  /**
   * Resolves once logins and OCSP are answered by it and a CRL lists it; doing it again changes nothing. Throws
   * RequestError 'certificate-not-found', 'certificate-not-revocable'.
   */
  changeStatus(serial: string, change: CertificateChange, askedBy: string): Promise<ChangedCertificate>
  authority(): Promise<CertificateAuthority>
}

/** Throws RequestError 'enrolment-request-unknown', and any refusal of the registration authority. */
export interface CertificateRequestService {
  /** The latest first. */
  list(query: z.output<typeof model.certificateRequestQuerySchema>): Promise<Page<CertificateRequest>>
  get(id: number): Promise<CertificateRequestDetail>
  create(
    request: z.output<typeof model.newCertificateRequestSchema>,
    author: string,
  ): Promise<CertificateRequestDetail>
  /** Throws RequestError 'enrolment-request-decided'. */
  decide(
    id: number,
    decision: { readonly to: 'approved' | 'denied'; readonly note?: string },
    author: string,
  ): Promise<CertificateRequestDetail>
}

export interface CertificateTemplateService {
  /** In the order of the configuration; the built-in one last. */
  list(): Promise<readonly CertificateTemplate[]>
}

export interface ChallengeService {
  /** The latest first. */
  list(limit: number): Promise<readonly Challenge[]>
  /** Throws RequestError 'challenge-invalid', 'user-not-found', 'source-unavailable', 'too-many-challenges'. */
  create(wish: z.output<typeof model.newChallengeSchema>, by: string): Promise<MadeChallenge>
  /** Throws RequestError 'challenge-not-found'. */
  delete(id: number): Promise<void>
}

/** Traps in profiles. Throws RequestError 'profile-unreadable', 'connection-not-found'. */
export interface ProfileLintService {
  /** @param content base64 */
  file(content: string): Promise<LintReport>
  /** Every form the connection can be handed out in. */
  connection(name: string): Promise<ConnectionLint['items']>
}

/** Codes that clients show. Throws RequestError 'client-error-unknown'. */
export interface ClientErrorService {
  explain(code: string, query: z.output<typeof model.clientErrorQuerySchema>): Promise<ClientError>
}

/** Files people get. Throws RequestError 'connection-not-found', 'output-not-found', 'profile-not-possible', 'user-not-found'. */
export interface ConnectionService {
  list(): Promise<readonly Connection[]>
  /** Also throws 'certificate-not-offered', and any refusal of the registration authority; then nothing was made. */
  make(name: string, wish: z.output<typeof model.profileWishSchema>, author: string): Promise<MadeFiles>
}

/** Settings of gateways. Throws RequestError 'gateway-not-found', 'profile-not-possible'. */
export interface GatewayService {
  list(): Promise<readonly Gateway[]>
  make(name: string): Promise<readonly ProfileFile[]>
  check(name: string): Promise<readonly GatewayCheckLine[]>
}

/**
 * One-time links. Throws RequestError 'links-disabled', 'link-not-found', 'too-many-links', 'connection-not-found', 'user-not-found',
 * and what stands against every file the link could bring.
 */
export interface LinkService {
  /** The latest first. */
  list(limit: number): Promise<readonly Link[]>
  create(wish: z.output<typeof model.newLinkSchema>, author: string): Promise<MadeLink>
  delete(id: number): Promise<void>
}

/**
 * The CAs of the house. Throws RequestError 'ca-prepared', 'ca-not-prepared', 'ca-not-requested', 'ca-certificate-refused',
 * 'ca-exists', 'ca-root-elsewhere', 'ca-anchor-missing', 'ca-key-unavailable'; whatever is refused changes nothing.
 */
export type DomainPolicy = z.output<typeof model.domainPolicySchema>

export interface DomainPolicyService {
  read(): Promise<DomainPolicy>
}

export interface AuthorityService {
  list(): Promise<AuthorityList>
  prepare(wish: NewAuthority): Promise<Authority>
  request(wish: NewAuthorityRequest): Promise<AuthorityRequest>
  install(certificates: string): Promise<Authority>
  import(file: ImportedAuthority): Promise<Authority>
  discard(keyId: string): Promise<void>
  /** Resolves once our servers show certificates of the new CA. */
  switch(force: boolean): Promise<AuthorityList>
  /** How many holders were found. */
  confirm(names: readonly string[]): Promise<number>
}

export interface ServerCertificateService {
  /** In the order they are chosen from; the built-in one last. */
  list(): Promise<readonly ServerCertificate[]>
}

export interface TrustService {
  list(): Promise<readonly TrustedCa[]>
  /** Resolves once the lists were fetched, or could not be. Throws RequestError 'trust-not-found'. */
  refresh(name: string): Promise<TrustedCa>
}

export interface ClientService {
  list(): Promise<readonly Client[]>
  /** Asks DNS now. A name without an answer is a result, not an error. */
  resolve(address: string): Promise<ResolvedAddress>
}

export interface ShieldService {
  list(): Promise<readonly ShieldedAccount[]>
  /** How many accounts it was. Throws RequestError 'not-found' where nothing is held against one of that name. */
  release(release: z.output<typeof model.shieldReleaseSchema>): Promise<number>
}

export interface SourceService {
  list(): Promise<readonly SourceStatus[]>
  /** Resolves once no thread keeps anything, and live sessions are noted to be decided again. Throws RequestError 'not-found'. */
  refresh(name: string, user: string | undefined, askedBy: string): Promise<void>
}

export interface SourceTestService {
  /** Throws RequestError 'not-found', or 'request-invalid' where the source asks nobody else. */
  test(source: string, question: z.output<typeof model.sourceTestSchema>): Promise<SourceTestReport>
}

export interface UpstreamService {
  list(): Promise<UpstreamList>
}

/** Answers that are built and not sent. */
export interface DryRunService {
  /** Throws RequestError 'not-found' where there is no such client or profile. */
  reply(client: string, request: z.output<typeof dryRunModel.dryReplyRequestSchema>): Promise<DryReply>
  /** Throws RequestError 'not-found', or 'request-invalid' where an attribute is none. */
  tryPolicy(request: z.output<typeof dryRunModel.policyTrialRequestSchema>): Promise<PolicyTrial>
}

/** What changes something makes a configuration version, by `author`. */
export interface ClientSecretService {
  rotations(query: z.output<typeof model.rotationQuerySchema>): Promise<readonly ClientRotation[]>
  /** Throws RequestError 'client-not-found', 'rotation-under-way', 'rotation-untellable'. */
  rotate(client: string, begin: z.output<typeof model.newRotationSchema>, author: string): Promise<MadeSecret>
  /** Throws RequestError 'no-rotation', 'rotation-unproved'. */
  finish(
    client: string,
    end: z.output<typeof model.rotationEndSchema>,
    author: string,
  ): Promise<ServedVersion>
  cancel(client: string, author: string): Promise<ServedVersion>
  board(query: ClientBoardQuery): Promise<readonly ClientBoard[]>
  /** Throws RequestError 'client-not-found', 'client-not-ready'. */
  enforce(
    request: z.output<typeof model.boardEnforcementSchema>,
    author: string,
  ): Promise<z.output<typeof model.boardEnforcedSchema>>
  /** Throws RequestError 'client-exists', 'configuration-invalid'. */
  adopt(client: z.output<typeof model.adoptedClientSchema>, author: string): Promise<MadeSecret>
}

export interface SessionService {
  list(query: SessionQuery): Promise<Page<Session>>
  /** Only the directory forgets it; its device is not told. Throws RequestError 'not-found'. */
  close(id: string): Promise<void>
}

/** CoA and Disconnect. */
export interface SessionActionService {
  /** Resolves with what the device said; a refusal of the device is a result. Throws RequestError 'not-found'. */
  act(session: string, request: SessionActionRequest, admin: string): Promise<SessionActionResult>
  /** The latest first. */
  list(query: SessionActionQuery): Promise<Page<SessionAction>>
}

export interface GrantService {
  /** Newest first. */
  list(query: GrantActionQuery): Promise<Page<GrantAction>>
  /** Resolves once it is noted durably. Throws RequestError 'request-invalid' unless exactly one thing is named. */
  recheck(what: Recheck, askedBy: string): Promise<void>
}

export interface ReceiptService {
  /** Newest first. */
  list(query: ReceiptQuery): Promise<Page<Receipt>>
  /** Logins by EAP that are not decided yet, of this server: who spoke last first. */
  underWay(query: LoginsUnderWayQuery): Promise<readonly LoginUnderWay[]>
  get(id: string): Promise<ReceiptDetail | undefined>
  explain(id: string): Promise<Explanation | undefined>
}

export interface DiagnosticsService {
  /** Addresses that asked and belong to no RADIUS client: newest first, bounded. */
  unknownClients(): Promise<readonly UnknownClient[]>
  /** Packets that got no answer, by sender and reason: newest first, bounded. */
  drops(): Promise<readonly Drop[]>
}

export interface CaptureService {
  /**
   * Starts a capture and gives the octets of its file as they come. Throws RequestError 'not-found' where there is no such
   * client, 'capture-running' where another one runs.
   */
  open(request: CaptureRequest): Promise<AsyncIterable<Uint8Array>>
}

export interface SupportBundleService {
  /** A tar.gz that holds no secret. */
  make(request: z.output<typeof model.supportBundleRequestSchema>): Promise<Uint8Array>
}

export interface HealthService {
  /** Whether RADIUS requests are answered now. */
  ready(): Promise<boolean>
  report(): Promise<HealthReport>
}

export interface MetricsService {
  /** Prometheus text format. */
  render(): Promise<string>
  readonly contentType: string
}

export interface LogLevelService {
  levels(): Promise<LogLevels>
  set(component: Component, level: Level, until: number): Promise<void>
}

export interface AuditService {
  record(entry: AuditEntry): Promise<void>
}

/** Who changed what, from where. The columns of the audit table. */
export interface AuditEntry {
  readonly at: number
  readonly actor: string
  /** `PATCH /api/v1/users/:name` */
  readonly action: string
  /** `/api/v1/users/alice` */
  readonly target: string
  readonly outcome: 'done' | 'refused'
  readonly origin: string
  readonly details: Readonly<Record<string, unknown>>
}
