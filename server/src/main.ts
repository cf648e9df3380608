/**
 * Composition root: reads what is there, builds the house, starts it, closes it. With the roots of the other threads
 * (`threads/`) the only files that see everything.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { LivePeople } from './access/session-grants/live-people.ts'
import { AdminAccounts } from './admins/admin-accounts.ts'
import { writeLocalAccess } from './admins/local-access.ts'
import { ConfigurationService } from './config/apply.ts'
import { resolveName } from './config/dns-resolver.ts'
import type { AuthorityKeyAlgorithm } from './enrolment/authority/create-authority.ts'
import { Rollover } from './enrolment/authority/rollover.ts'
import { CertificateAuthority } from './enrolment/authority.ts'
import { CertificateStore } from './enrolment/certificate-store.ts'
import { ExpiryWatch } from './enrolment/expiry-watch.ts'
import { Pkcs11Tool } from './enrolment/pkcs11/pkcs11-tool.ts'
import { withBuiltIn } from './enrolment/registration/built-in-template.ts'
import { RegistrationAuthority } from './enrolment/registration/registration-authority.ts'
import { ServerCertificates } from './enrolment/server-certificates.ts'
import { SpecialCertificates } from './enrolment/special-certificates.ts'
import { StatusActions } from './enrolment/status/status-action.ts'
import type { ClientTrust } from './enrolment/trust.ts'
import { GroupsSection } from './identity/local/groups-section.ts'
import { UserStore } from './identity/local/user-store.ts'
import { UsersSection } from './identity/local/users-section.ts'
import { MacsSection } from './identity/mac/macs-section.ts'
import { systemClock } from './kernel/clock.ts'
import { BugError } from './kernel/errors.ts'
import { createKeyFile, readKeyFile } from './kernel/key-file.ts'
import { type Level, Logging } from './kernel/logging.ts'
import { Metrics } from './kernel/metrics.ts'
import { onDemand } from './kernel/on-demand.ts'
import { Sealer } from './kernel/seal.ts'
import { SharedCounter } from './kernel/shared-counter.ts'
import { type EnrolmentAddresses, EnrolmentListener } from './listeners/enrolment/enrolment-listener.ts'
import { HttpsListener } from './listeners/https/https-listener.ts'
import { AccountingForwarding } from './main/accounting-forwarding.ts'
import { apiServices } from './main/api-services.ts'
import { configurationChecks, KeptStorages } from './main/configuration-checks.ts'
import { DirectorySync } from './main/directory-sync.ts'
import { refuseOtherEngine, rememberEngine } from './main/engine-mark.ts'
import { openAcme } from './main/enrolment/acme.ts'
import { CertificateUpkeep } from './main/enrolment/certificate-upkeep.ts'
import { enrolmentServices } from './main/enrolment/enrolment-services.ts'
import { ExpiryMailing } from './main/enrolment/expiry-mailing.ts'
import { HolderUpkeep } from './main/enrolment/holder-upkeep.ts'
import { IssuedUpkeep } from './main/enrolment/issued-upkeep.ts'
import { Publication } from './main/enrolment/publication.ts'
import { WorkerIdentities } from './main/enrolment/worker-identities.ts'
import { lockFolder } from './main/folder-lock.ts'
import { noteRevoked } from './main/grants/note-revoked.ts'
import { startGrants } from './main/grants/start-grants.ts'
import { IssuedCertificateFile } from './main/issued-certificates.ts'
import { openDirectory } from './main/open-directory.ts'
import { Publisher } from './main/publisher.ts'
import { RadiusThreads } from './main/radius-threads.ts'
import { RelayPort } from './main/relay-port.ts'
import { Retention } from './main/retention.ts'
import { openRevocation } from './main/revocation.ts'
import { sessionControl } from './main/session-control.ts'
import { SessionUpkeep } from './main/session-upkeep.ts'
import { DirectoryWatches } from './main/sources/directory-watches.ts'
import { SourceUpkeep } from './main/sources/source-upkeep.ts'
import { type Starter, starter } from './main/starter.ts'
import { StoreThread } from './main/store-thread.ts'
import { UserFile } from './main/user-file.ts'
import { listenForChanges } from './store/change-listener.ts'
import { openReader, parseDatabaseUrl } from './store/open.ts'

/** What belongs to this node alone; everything else is configuration (versioned) or data. */
export interface ServerOptions {
  /** Keys, the embedded database, files for the command line. Made where it is missing. */
  readonly dataFolder: string
  /** Addresses the RADIUS listeners bind. */
  readonly addresses: readonly string[]
  readonly authenticationPorts: readonly number[]
  readonly accountingPorts: readonly number[]
  /** RADIUS workers, each on a thread of its own. */
  readonly workers: number
  /** Where trusted senders, if any are configured, send CoA and Disconnect. */
  readonly coaPort: number
  readonly httpsAddress: string
  readonly httpsPort: number
  /** Of the keys of the CA that the first start makes. */
  readonly caKey?: AuthorityKeyAlgorithm
  /** Library of PKCS #11 tokens that hold CA keys. */
  readonly pkcs11Module?: string
  /** Where certificates are asked for, and CRLs and OCSP answered; absent: nowhere. */
  readonly enrolment?: EnrolmentAddresses
  /** `postgres://...`; absent: SQLite in the data folder. */
  readonly databaseUrl?: string
  readonly logLevel?: Level
  /** Called when a part died: nothing sensible can be served any more. */
  readonly died: (error: unknown) => void
}

export interface RunningServer {
  readonly httpsPort: number
  /** What was made at the first start; never again. */
  readonly firstStart?: FirstStart
  /** PEM file of the root CA, for clients of the API and for supplicants. */
  readonly caFile: string
  close(): Promise<void>
}

export interface FirstStart {
  readonly admin: { readonly name: string; readonly password: string }
  readonly starter: Pick<Starter, 'user' | 'password' | 'secret' | 'client'>
}

/**
 * Starts everything or nothing: where a step fails, what was started before is closed again and the error says why.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const closers: (() => unknown)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    return { ...(await start(options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  options: ServerOptions,
  closers: (() => unknown)[],
): Promise<Omit<RunningServer, 'close'>> {
  const clock = systemClock
  const startedAt = clock.now()
  const { died } = options
  const folder = prepareFolder(options.dataFolder)
  closers.push(lockFolder(folder.path))
  const databaseUrl = options.databaseUrl ?? `sqlite:${folder.database}`
  const { engine } = parseDatabaseUrl(databaseUrl)
  refuseOtherEngine(folder.path, engine)
  if (!existsSync(folder.keyFile) && !existsSync(folder.database)) createKeyFile(folder.keyFile)
  const sealer = new Sealer(readKeyFile(folder.keyFile))
  const logging = new Logging({
    clock,
    ...(options.logLevel === undefined ? {} : { level: options.logLevel }),
  })
  closers.push(() => logging.close())
  const metrics = new Metrics()

  const changes = new SharedCounter()
  const userChanges = changes.buffer
  const store = await StoreThread.start({ databaseUrl, keyFile: folder.keyFile, userChanges }, died)
  closers.push(() => store.close())
  rememberEngine(folder.path, engine)
  const stores = store.remote
  const reader = await openReader(databaseUrl)
  closers.push(() => reader.close())

  const certificateParts = {
    ...{ store: stores.certificates, authorities: stores.authorities, sealer, clock },
    ...(options.pkcs11Module === undefined
      ? {}
      : { tokens: new Pkcs11Tool(options.pkcs11Module, clock.monotonic) }),
  }
  const authority = await CertificateAuthority.open(certificateParts, options.caKey)
  const rollover = new Rollover(authority, { ...certificateParts, anchors: stores.anchors })
  const certificates = new ServerCertificates(authority, certificateParts)
  const specialCertificates = new SpecialCertificates(authority, certificateParts)
  const httpsNames = ['localhost', hostname(), '127.0.0.1', '::1']
  const expiry = new ExpiryWatch(clock, logging.for('config'))
  metrics.gauges(
    'certificate_not_after_seconds',
    'When a server certificate or a trusted CA ends, in seconds since 1970',
    ['kind', 'name', 'subject', 'fingerprint'],
    () =>
      expiry.watched.map(({ kind, name, subject, fingerprint, notAfter }) => [
        { kind, name, subject, fingerprint },
        notAfter / 1000,
      ]),
  )
  const log = logging.for('config')
  const revocation = openRevocation({
    ...{ folder: folder.revocation, clock, metrics },
    revoked: (serials) =>
      void noteRevoked(serials, stores.grants, clock.now(), configuration.snapshot.version).catch(
        (error: unknown) => log.error({ err: error }, 'Revoked certificates could not be looked at again.'),
      ),
  })
  closers.push(() => revocation.service.close())
  const trusted = (trust: ClientTrust) => revocation.service.replaceTrust(trust)
  const publisher = new Publisher({
    ...{ authority, certificates, specialCertificates, httpsNames, expiry, trusted, log },
    anchored: (anchors) => writeFileSync(folder.caFile, anchors),
  })
  closers.push(() => publisher.close())

  const storages = new KeptStorages(new UserStore(reader, clock))
  await storages.refresh()
  let relay: RelayPort | undefined
  let publication: Publication | undefined
  const configuration = new ConfigurationService({
    versions: stores.versions,
    sealer,
    sections: [new GroupsSection(reader), new UsersSection(reader, sealer, clock), new MacsSection(reader)],
    checks: configurationChecks(() => storages.current, clock.now, options),
    clock,
    resolve: resolveName,
    publish: async (snapshot) => {
      await publisher.publish(snapshot)
      await relay?.follow(snapshot)
      await publication?.upkeep()
    },
  })
  closers.push(() => configuration.close())
  await configuration.start()
  const accounts = new AdminAccounts(stores.admins, clock)

  const users = await UserFile.open({
    ...{ database: reader, marks: stores.projectionMarks, path: folder.usersFile, changes, clock },
    log: logging.for('identity'),
  })
  closers.push(() => users.close())
  const issuedFile = await IssuedCertificateFile.open({
    ...{ database: reader, marks: stores.projectionMarks, path: folder.issuedFile, clock },
    log: logging.for('pki'),
  })
  closers.push(() => issuedFile.close())
  const radius = new RadiusThreads(
    options.workers,
    {
      node: 1,
      proxyMark: randomBytes(12),
      keyFile: folder.keyFile,
      usersFile: users.path,
      userChanges,
      issuedFile: issuedFile.file,
      revocationChanges: revocation.changes,
    },
    store,
    {
      ask: (question) => revocation.service.ask(question),
      isRecorded: (fingerprint) => issuedFile.records.has(fingerprint),
    },
    died,
  )
  closers.push(() => radius.close())
  const { state, credentials } = await publisher.state(configuration.snapshot)
  await radius.configure(state)
  const { addresses, authenticationPorts, accountingPorts } = options
  await radius.listen({ addresses, authenticationPorts, accountingPorts })

  const forwarding = new AccountingForwarding({
    configuration: configuration.snapshot.configuration,
    reader,
    stores,
    metrics,
    clock,
    log: logging.for('accounting'),
  })
  closers.push(() => forwarding.close())

  const control = sessionControl({
    configuration,
    listening: addresses,
    reader,
    stores,
    clock,
    logging,
    metrics,
  })
  relay = new RelayPort({ addresses, port: options.coaPort, control, reader, clock, logging, metrics })
  closers.push(() => relay?.close())
  await relay.follow(configuration.snapshot)

  const sources = new SourceUpkeep({ workers: radius.all, configuration, stores, clock, logging, metrics })
  closers.push(() => sources.close())
  const directorySync = await DirectorySync.start({
    ...{ configuration, reader, clock, metrics },
    store: stores.directoryObjects,
    open: openDirectory,
    refresh: (source, users) => sources.refresh(source, users),
    log: logging.for('identity'),
  })
  closers.push(() => directorySync.close())
  const directoryWatches = new DirectoryWatches({
    ...{ configuration, sources, clock },
    store: stores.grants,
    people: new LivePeople(reader),
    log: logging.for('identity'),
  })
  closers.push(() => directoryWatches.close())

  const identities = new WorkerIdentities({ worker: radius.first, clock, log: logging.for('pki') })
  const issued = new CertificateStore(reader.kysely)
  const templates = () => withBuiltIn(configuration.snapshot.configuration.certificateTemplates)
  const registration = new RegistrationAuthority({
    templates,
    ...{ authority, identities, clock },
    requests: stores.certificateRequests,
    certificates: issued,
    log: logging.for('pki'),
  })
  publication = await Publication.open({
    ...{ authority, specialCertificates, reader, stores, clock, metrics },
    settings: () => configuration.snapshot.configuration.enrolment,
    log: logging.for('pki'),
  })
  closers.push(() => publication.close())
  const statusActions = new StatusActions({
    store: stores.certificateStatus,
    crls: publication.crls,
    tellLogins: async () => {
      try {
        await users.refresh()
        return true
      } catch (error) {
        log.error({ err: error }, 'The file logins read could not be brought up to date.')
        return false
      }
    },
    tellOcsp: () => publication.refresh(),
    clock,
    log: logging.for('pki'),
  })

  const acme = openAcme({
    ...{ configuration, authority, registration, identities, statusActions },
    ...{ reader, stores, sealer, clock, logging },
  })
  closers.push(() => acme.close())
  const holders = await HolderUpkeep.start({
    ...{ reader, identities, clock },
    actions: statusActions,
    rule: () => configuration.snapshot.configuration.enrolment.revocation.whenHolderDisabled,
    log: logging.for('pki'),
  })
  closers.push(() => holders.close())
  const issuedEndings = new IssuedUpkeep({ reader, clock, metrics, log: logging.for('pki') })
  closers.push(() => issuedEndings.close())
  const expiryMailing = new ExpiryMailing({
    ...{ reader, clock, marks: stores.mailMarks, host: hostname(), log: logging.for('pki') },
    mail: () => configuration.snapshot.configuration.mail,
    endings: () => expiry.ending,
  })
  closers.push(() => expiryMailing.close())

  const links = onDemand(async () => {
    const { openProfileLinks } = await import('./main/profiles/links/open-profile-links.ts')
    return openProfileLinks({
      ...{ configuration, authority, specialCertificates, registration, identities, statusActions },
      ...{ reader, stores, sealer, clock, logging },
    })
  })
  let isReady = false
  const https = await HttpsListener.start(
    apiServices({
      clock,
      logging,
      accounts,
      configuration,
      ...{ authority, specialCertificates, registration, identities },
      rollover,
      caChanged: async () => {
        const served = await publisher.refresh()
        await publication?.upkeep()
        return served
      },
      reader,
      stores,
      sealer,
      workers: radius.all,
      forwarding,
      sources,
      control,
      directorySync,
      directoryWatches,
      openDirectory,
      metrics,
      startedAt,
      beforePlan: () => storages.refresh(),
      servedVersion: async () => {
        // Another node's notification may have been faster, and be publishing this very version now.
        await publisher.settled()
        return publisher.servedVersion
      },
      written: async () => {
        await users.refresh()
        void holders.changed()
      },
      statusActions,
      links,
      ...(options.enrolment !== undefined && { enrolmentAddress: options.enrolment.address }),
      publication,
      ready: () => isReady,
      served: () => publisher.serverCertificates,
      expiry,
      expiryMailing,
      trust: () => publisher.trust,
      revocation: revocation.service,
    }),
    { tls: credentials.https, host: options.httpsAddress, port: options.httpsPort },
  )
  closers.push(() => https.close())
  const enrolment =
    options.enrolment === undefined
      ? undefined
      : await EnrolmentListener.start(
          enrolmentServices({
            ...{ logging, publication, authority, specialCertificates, identities, registration, acme },
            ...{ configuration, stores, clock, templates, links },
            certificates: issued,
          }),
          options.enrolment,
          credentials.https,
        )
  closers.push(() => enrolment?.close())
  const grants = await startGrants({
    ...{ state, configuration, reader, stores, users, sealer, clock, logging, metrics, sources },
    actor: control,
    revocation: revocation.service,
  })
  closers.push(() => grants.close())
  publisher.serveBy(
    async (next) => {
      await radius.configure(next)
      forwarding.configure(next.snapshot.configuration)
      await grants.judge.configure(next)
    },
    (next) => {
      https.replaceCertificate(next)
      enrolment?.replaceCertificate(next)
    },
  )
  // Only now: whoever is shown credentials once must not miss them because a port was taken.
  const admin = await accounts.ensureFirstAdmin()
  const made = configuration.snapshot.version === 0 ? await applyStarter(configuration) : undefined
  if (made !== undefined) await users.refresh()
  const storeLog = logging.for('store')
  const listener = listenForChanges(
    reader,
    (topic) => {
      const refresh = {
        users: async () => {
          await users.refresh()
          await publication.refresh()
        },
        configuration: () => configuration.refresh(),
        crls: () => publication.refresh(),
      }
      const refreshed: Promise<unknown> = refresh[topic]()
      refreshed.catch((error: unknown) =>
        storeLog.warn({ err: error }, `Changes of ${topic} could not be read; trying again.`),
      )
    },
    (error) => storeLog.warn({ err: error }, 'The connection that tells of changes broke; trying again.'),
  )
  closers.push(() => listener.close())
  const retention = new Retention({
    receipts: stores.receipts,
    dynamicAuthorizations: stores.dynamicAuthorizations,
    limits: () => configuration.snapshot.configuration.settings.receipts,
    clock,
    log: logging.for('journal'),
  })
  closers.push(() => retention.close())
  const certificateUpkeep = new CertificateUpkeep({
    store: stores.certificateUpkeep,
    settings: () => configuration.snapshot.configuration.enrolment,
    authority,
    clock,
    log: logging.for('pki'),
  })
  closers.push(() => certificateUpkeep.close())
  const upkeep = new SessionUpkeep({
    sessions: stores.sessions,
    accounting: stores.accounting,
    settings: () => configuration.snapshot.configuration.settings,
    startedAt,
    clock,
    log: logging.for('accounting'),
  })
  closers.push(() => upkeep.close())
  const server = `https://${loopbackOf(options.httpsAddress)}:${https.address.port}`
  writeLocalAccess(folder.path, { token: accounts.issueLocalToken(), server })
  isReady = true
  return {
    httpsPort: https.address.port,
    caFile: folder.caFile,
    ...(admin === undefined || made === undefined ? {} : { firstStart: { admin, starter: made } }),
  }
}

function prepareFolder(dataFolder: string) {
  const path = resolve(dataFolder)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return {
    path,
    database: join(path, 'sallyport.db'),
    usersFile: join(path, 'users.db'),
    issuedFile: join(path, 'issued.db'),
    keyFile: join(path, 'keys'),
    caFile: join(path, 'ca.pem'),
    revocation: join(path, 'revocation'),
  }
}

/** Where this machine reaches a listener that was bound to `address`. */
function loopbackOf(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return address.includes(':') ? `[${address}]` : address
}

async function applyStarter(configuration: ConfigurationService): Promise<Starter> {
  const made = starter()
  const plan = await configuration.plan(made.document)
  if (plan.prepared === undefined) {
    throw new BugError('starter-invalid', 'The starter configuration is refused.', {
      problems: plan.problems,
    })
  }
  await configuration.apply(plan, { author: 'system', comment: 'First start' })
  return made
}
