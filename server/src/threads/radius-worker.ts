import { ResumptionStore } from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { AccessDoor } from '../access/access-door.ts'
import { AccountingQueue } from '../access/accounting/accounting-queue.ts'
import { AccountingReceiver } from '../access/accounting/accounting-receiver.ts'
import {
  CLIENT_SECRET_MARK,
  ClientObservations,
  type SourceObservation,
} from '../access/clients/client-observations.ts'
import { Conclusion } from '../access/conclusion.ts'
import { Conversations } from '../access/conversations.ts'
import { type DryDecision, type DryLogin, dryDecision } from '../access/dry-run.ts'
import type { EapConversation } from '../access/eap/eap-conversation.ts'
import { EapLogin } from '../access/eap/eap-login.ts'
import type { AboutLogin, LoginUnderWay } from '../access/eap/login-under-way.ts'
import { MacLogin } from '../access/mab/mac-login.ts'
import { UnknownMacs } from '../access/mab/unknown-macs.ts'
import { forwardAccounting } from '../access/proxy/forwarded-accounting.ts'
import { LoopMark } from '../access/proxy/loop-mark.ts'
import type { ProxyConversation } from '../access/proxy/proxy-conversation.ts'
import { ProxyDoor } from '../access/proxy/proxy-door.ts'
import { upstreamCheck } from '../access/proxy/upstream-check.ts'
import { countUpstreams } from '../access/proxy/upstream-metrics.ts'
import { openUdp } from '../access/proxy/upstream-transport.ts'
import { type UpstreamSeen, Upstreams } from '../access/proxy/upstreams.ts'
import { ReplyCache } from '../access/reply-cache.ts'
import { SessionLimitCheck } from '../access/sessions/session-limit-check.ts'
import { ClientCertificateCheck } from '../enrolment/client-certificate-check.ts'
import { SqliteIssuedCertificates } from '../enrolment/issued/issued-certificates.ts'
import type { IdentityAnswer } from '../enrolment/registration/requester.ts'
import { RevocationGate } from '../enrolment/revocation/revocation-gate.ts'
import { SqliteRevokedSerials } from '../enrolment/revocation/revoked-serials.ts'
import type { Concerned } from '../identity/ldap/changes/concerned.ts'
import { Directories } from '../identity/ldap/directories.ts'
import { DirectoryCaches } from '../identity/ldap/directory-caches.ts'
import {
  type LocalSourceContext,
  SLOW_CHECKS,
  VERIFIERS_IN_MEMORY,
} from '../identity/local/create-local-source.ts'
import { LockoutGuard } from '../identity/local/lockout-guard.ts'
import { SqliteUserDirectory } from '../identity/local/sqlite-user-directory.ts'
import { VerifierCache } from '../identity/local/verifier-cache.ts'
import { WorkLimit } from '../identity/local/work-limit.ts'
import { SqliteMacDirectory } from '../identity/mac/sqlite-mac-directory.ts'
import type { UpstreamCheck } from '../identity/radius/upstream-check.ts'
import { ShieldGuard } from '../identity/shield/shield-guard.ts'
import { shieldWitness } from '../identity/shield/shield-witness.ts'
import { silentSource } from '../identity/state/silent-source.ts'
import type { SourceSeen } from '../identity/state/source-record.ts'
import { SourceStates } from '../identity/state/source-states.ts'
import { Winbinds } from '../identity/winbind/winbinds.ts'
import { Journal } from '../journal/journal.ts'
import { ReceiptIds } from '../journal/receipt-id.ts'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { ConfigError, RequestError } from '../kernel/errors.ts'
import { readKeyFile } from '../kernel/key-file.ts'
import { type LevelOverride, Logging } from '../kernel/logging.ts'
import { Metrics, type MetricsSnapshot } from '../kernel/metrics.ts'
import { proxy } from '../kernel/rpc.ts'
import { Sealer } from '../kernel/seal.ts'
import { SharedCounter } from '../kernel/shared-counter.ts'
import { Capture, type Captured, type CaptureOrder } from '../listeners/radius-udp/capture.ts'
import { ClientMonitor } from '../listeners/radius-udp/client-monitor.ts'
import { Handover } from '../listeners/radius-udp/handover.ts'
import { LogLimit } from '../listeners/radius-udp/log-limit.ts'
import { type Listener, openListener } from '../listeners/radius-udp/open-listener.ts'
import { type PortKind, RadiusPort } from '../listeners/radius-udp/radius-port.ts'
import type { DatagramHandler } from '../listeners/radius-udp/udp-listener.ts'
import { connectSqliteReader } from '../store/sqlite-connection.ts'
import { type CompileContext, type Compiled, compileSnapshot } from './compile-snapshot.ts'
import { type AccountQuestion, enrolmentAccount } from './enrolment-accounts.ts'
import type {
  RadiusAddresses,
  RadiusSeen,
  RadiusServices,
  RadiusState,
  RadiusThreadData,
  RevocationAsked,
} from './radius-services.ts'
import type { StoreServices } from './store-services.ts'

const EXPIRY_INTERVAL_MILLISECONDS = 1000
/** How exact retransmissions to upstreams are. */
const UPSTREAM_TICK_MILLISECONDS = 50
const OBSERVATION_INTERVAL_MILLISECONDS = 10_000

/** One RADIUS worker: its sockets, its conversations, its compiled configuration. Nothing in main moves its latency. */
export class RadiusWorker implements RadiusServices {
  readonly #clock: Clock = systemClock
  readonly #metrics = new Metrics()
  readonly #logging = new Logging({ clock: this.#clock })
  readonly #monitor = new ClientMonitor(this.#metrics)
  readonly #replies = new ReplyCache()
  readonly #unknownMacs = new UnknownMacs()
  readonly #observations: ClientObservations
  readonly #observing: NodeJS.Timeout
  readonly #storeObservations: (observations: readonly SourceObservation[]) => Promise<void>
  readonly #conversations: Conversations<EapConversation>
  readonly #context: CompileContext
  readonly #journal: Journal
  readonly #eap: EapLogin
  readonly #door: AccessDoor
  readonly #accounting: AccountingReceiver
  readonly #upstreams: Upstreams
  readonly #proxied: Conversations<ProxyConversation>
  readonly #proxy: ProxyDoor
  readonly #expiry: NodeJS.Timeout
  readonly #capture = new Capture(
    (address) => this.#compiled?.clients.find(address)?.name,
    () => performance.timeOrigin + performance.now(),
  )
  readonly #worker: number
  #compiled: Compiled | undefined
  #revision = -1
  readonly #handover: Handover
  #listeners: Listener[] = []

  constructor(data: RadiusThreadData) {
    const clock = this.#clock
    const store = storeOf(data)
    const log = this.#logging.for('journal')
    this.#upstreams = new Upstreams(
      ['authentication'],
      { open: openUdp, monotonic: clock.monotonic, random: Math.random },
      countUpstreams(this.#metrics),
      UPSTREAM_TICK_MILLISECONDS,
    )
    const mark = new LoopMark(data.proxyMark)
    this.#context = this.#compileContext(data, store, upstreamCheck(this.#upstreams, mark))
    const sealer = new Sealer(readKeyFile(data.keyFile))
    this.#observations = new ClientObservations((secret) => sealer.mark(secret.octets, CLIENT_SECRET_MARK))
    this.#storeObservations = (observations) => store.clientObservations.add(observations)
    this.#observing = setInterval(() => void this.storeObservations(), OBSERVATION_INTERVAL_MILLISECONDS)
    this.#worker = data.worker
    this.#conversations = new Conversations({ node: data.node, worker: data.worker })
    this.#metrics.gauge('eap_conversations', 'EAP logins under way', () => this.#conversations.size)
    this.#journal = new Journal({
      deliver: (batch) => store.receipts.insert(batch),
      metrics: this.#metrics,
      failed: (error) => log.error({ err: error }, 'Receipts could not be stored; trying again.'),
    })
    const conclusion = new Conclusion({
      ids: new ReceiptIds(clock),
      journal: this.#journal,
      log: this.#logging.for('radius'),
      monotonic: clock.monotonic,
      limits: new SessionLimitCheck(store.sessionLimits),
      count: this.#loginCounter(),
      silenced: (client, why) => {
        const source = silentSource(why)
        if (source !== undefined) this.#context.states.silenced(source, client)
      },
    })
    const served = () => this.#current.served
    const macs = new MacLogin({
      directory: new SqliteMacDirectory(connectSqliteReader(data.usersFile)),
      unknown: this.#unknownMacs,
      conclusion,
      now: clock.now,
      monotonic: clock.monotonic,
      failed: (error) =>
        this.#logging.for('identity').error({ err: error }, 'The MAC store could not be read.'),
    })
    this.#eap = new EapLogin({
      conversations: this.#conversations,
      conclusion,
      macs,
      served,
      monotonic: clock.monotonic,
      broken: (error) =>
        this.#logging.for('eap').error({ err: error }, 'An EAP method failed; its login is refused.'),
    })
    this.#metrics.gauge('upstreams_dead', 'Upstreams that answer no logins', () => this.#upstreams.dead)
    this.#proxied = new Conversations({ node: data.node, worker: data.worker })
    this.#metrics.gauge('proxied_conversations', 'Proxied logins under way', () => this.#proxied.size)
    this.#proxy = new ProxyDoor({
      upstreams: this.#upstreams,
      conversations: this.#proxied,
      conclusion,
      served,
      monotonic: clock.monotonic,
      mark,
    })
    this.#door = new AccessDoor({
      proxy: this.#proxy,
      eap: this.#eap,
      macs,
      conclusion,
      served,
      monotonic: clock.monotonic,
    })
    this.#accounting = new AccountingReceiver(
      new AccountingQueue((records) => store.accounting.store(records)),
      forwardAccounting(served, mark),
    )
    this.#handover = this.#openHandover(data)
    this.#expiry = setInterval(() => {
      this.#eap.expire(clock.monotonic())
      this.#proxy.expire(clock.monotonic())
    }, EXPIRY_INTERVAL_MILLISECONDS)
  }

  async configure(state: RadiusState): Promise<void> {
    if (state.snapshot.revision < this.#revision) return
    this.#revision = state.snapshot.revision
    this.#context.certificateCheck.replaceTrust(state.trust)
    this.#context.revocationGate.forget()
    const compiled = await compileSnapshot(state, this.#context)
    // Another one may have been faster: of two snapshots the newer serves.
    if (state.snapshot.revision < this.#revision) return
    this.#compiled = compiled
    this.#conversations.lifetimeMilliseconds = 1000 * state.snapshot.configuration.settings.eapSeconds
    this.#context.directories.keepOnly(state.snapshot.configuration.sources)
    this.#context.winbinds.keepOnly(state.snapshot.configuration.sources)
    this.#context.caches.keepOnly(state.snapshot.configuration.sources)
    this.#context.states.keepOnly(state.snapshot.configuration.sources)
    this.#upstreams.configure(state.snapshot.configuration.upstreams)
    this.#monitor.keepOnly(new Set(compiled.clientsByName.keys()))
  }

  async listen({
    addresses,
    authenticationPorts,
    accountingPorts,
    isShared,
  }: RadiusAddresses): Promise<void> {
    const wanted = addresses.flatMap((address) => [
      ...authenticationPorts.map((port) => ({ address, port, kind: 'authentication' as const })),
      ...accountingPorts.map((port) => ({ address, port, kind: 'accounting' as const })),
    ])
    try {
      for (const { address, port, kind } of wanted)
        this.#listeners.push(await this.#listen(address, port, kind, isShared))
    } catch (error) {
      await this.#closeListeners()
      throw error
    }
  }

  async seen(): Promise<RadiusSeen> {
    return { ...this.#monitor.snapshot(), unknownMacs: this.#unknownMacs.list() }
  }

  async loginsUnderWay(about: AboutLogin): Promise<readonly LoginUnderWay[]> {
    return this.#eap.underWay(about)
  }

  async upstreams(): Promise<readonly UpstreamSeen[]> {
    return this.#upstreams.seen()
  }

  async sourcesSeen(): Promise<readonly SourceSeen[]> {
    return this.#context.states.seen()
  }

  async refreshDirectories(source?: string, users?: readonly string[]): Promise<void> {
    this.#context.caches.refresh(source, users)
  }

  async forgetConcerned(source: string, concerned: Concerned): Promise<void> {
    this.#context.caches.forget(source, concerned)
  }

  async tryPolicy(name: string, login: DryLogin): Promise<DryDecision> {
    const { served, clientsByName } = this.#current
    const client = clientsByName.get(name)
    if (client === undefined) throw new RequestError('not-found', `There is no RADIUS client "${name}".`)
    return await dryDecision(login, client, served)
  }

  async enrolmentAccount(question: AccountQuestion): Promise<IdentityAnswer> {
    const { served, configuration } = this.#current
    return await enrolmentAccount(served, configuration, question, this.#clock.now())
  }

  async forgetStranger(address: string): Promise<void> {
    this.#monitor.forgetStranger(address)
  }

  async storeObservations(): Promise<void> {
    try {
      await this.#storeObservations(this.#observations.take())
    } catch (error) {
      const log = this.#logging.for('radius')
      log.error({ err: error }, 'What was seen of RADIUS clients could not be stored; some of it is lost.')
    }
  }

  metrics(): Promise<MetricsSnapshot> {
    return this.#metrics.snapshot()
  }

  async setLevel(override: LevelOverride): Promise<void> {
    this.#logging.override(override)
  }

  async startCapture(order: CaptureOrder): Promise<void> {
    this.#capture.start(order)
  }

  async captured(): Promise<Captured> {
    return this.#capture.take()
  }

  async stopCapture(): Promise<void> {
    this.#capture.stop()
  }

  async close(): Promise<void> {
    clearInterval(this.#expiry)
    clearInterval(this.#observing)
    await this.#closeListeners()
    await this.storeObservations()
    this.#eap.close()
    this.#proxied.close()
    this.#upstreams.close()
    this.#context.directories.close()
    this.#context.winbinds.close()
    this.#handover.close()
    await this.#journal.close()
    this.#logging.close()
  }

  get #current(): Compiled {
    if (this.#compiled === undefined) throw new TypeError('a request came before the configuration')
    return this.#compiled
  }

  #radiusPort(kind: PortKind, handover: Pick<Handover, 'pass'>): RadiusPort {
    return new RadiusPort({
      kind,
      findClient: (source) => this.#compiled?.clients.find(source),
      access: this.#door,
      accounting: this.#accounting,
      handover,
      replies: this.#replies,
      monitor: this.#monitor,
      observations: this.#observations,
      clock: this.#clock,
      log: this.#logging.for(kind === 'accounting' ? 'accounting' : 'radius'),
      logLimit: new LogLimit(),
    })
  }

  #openHandover({ node, worker, peers }: RadiusThreadData): Handover {
    // What is handed to us stays here, whatever it says.
    const radius = this.#radiusPort('authentication', { pass: () => false })
    const receive: DatagramHandler = (octets, source, reply) => radius.receive(octets, source, reply)
    return new Handover({ node, worker, peers, receive, metrics: this.#metrics })
  }

  async #listen(address: string, port: number, kind: PortKind, isShared: boolean): Promise<Listener> {
    const log = this.#logging.for(kind === 'accounting' ? 'accounting' : 'radius')
    const radius = this.#radiusPort(kind, this.#handover)
    const receive: DatagramHandler = (octets, source, reply) => radius.receive(octets, source, reply)
    const handlerAt = (local: string) => this.#capture.watch(receive, { address: local, port })
    try {
      return await openListener({ address, port, worker: this.#worker, isShared, handlerAt, log })
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      const message = `UDP port ${port} on ${address} cannot be opened (${reason}).`
      throw new ConfigError('listen-failed', message, { address, port, protocol: 'udp', reason }, error)
    }
  }

  async #closeListeners(): Promise<void> {
    const open = this.#listeners
    this.#listeners = []
    await Promise.all(open.map((listener) => listener.close()))
  }

  #compileContext(data: RadiusThreadData, store: RadiusStore, upstreams: UpstreamCheck): CompileContext {
    const clock = this.#clock
    const sealer = new Sealer(readKeyFile(data.keyFile))
    const users = connectSqliteReader(data.usersFile)
    const changes = new SharedCounter(data.userChanges)
    const revocationChanges = new SharedCounter(data.revocationChanges)
    const revocation = proxy<RevocationAsked>(data.revocation).remote
    const log = this.#logging.for('identity')
    const sources: Omit<LocalSourceContext, 'directory'> = {
      clock,
      sealer,
      verifiers: new VerifierCache(sealer, VERIFIERS_IN_MEMORY),
      guard: new LockoutGuard(store.lockout, clock),
      slow: new WorkLimit(SLOW_CHECKS.running, SLOW_CHECKS.waiting),
      rows: store.users,
    }
    return {
      clock,
      engine: new NodeTlsEngine(),
      resumption: new ResumptionStore({ now: clock.monotonic }),
      certificateCheck: new ClientCertificateCheck({ version: 0, authorities: [] }),
      revocationGate: new RevocationGate({
        ask: (question) => revocation.ask(question),
        changes: () => revocationChanges.value,
        own: new SqliteRevokedSerials(users),
        issued: SqliteIssuedCertificates.open(data.issuedFile),
        askRecords: (fingerprint) => revocation.isRecorded(fingerprint),
        clock,
      }),
      sources,
      directory: (source) => new SqliteUserDirectory(users, source, () => changes.value),
      upstreams,
      directories: new Directories(),
      shield: new ShieldGuard({
        owner: store.shield,
        clock,
        workers: data.peers.size + 1,
        witness: shieldWitness(this.#metrics, log),
      }),
      winbinds: new Winbinds(),
      states: new SourceStates(clock, this.#metrics),
      caches: new DirectoryCaches({
        ...{ clock, owner: store.knownAccounts },
        failed: (error) => log.warn({ err: error }, 'What a directory said could not be kept.'),
      }),
      isDoor: true,
      log,
    }
  }

  #loginCounter() {
    const outcomes = this.#metrics.counter('logins_total', 'Logins by client, outcome and reason', [
      'client',
      'outcome',
      'reason',
    ])
    const latency = this.#metrics.latency('login', 'From the arrival of the last request to its answer', [
      'outcome',
    ])
    // Looking a label set up costs more than counting; clients, outcomes and reasons are few.
    const bound = new Map<string, () => void>()
    const spans = new Map<string, (seconds: number) => void>()
    return (client: string, outcome: string, reason: string, seconds: number): void => {
      const key = `${client} ${outcome} ${reason}`
      let increment = bound.get(key)
      if (increment === undefined) {
        const labelled = outcomes.labels({ client, outcome, reason })
        increment = () => labelled.inc()
        bound.set(key, increment)
      }
      increment()
      let observe = spans.get(outcome)
      if (observe === undefined) {
        const labelled = latency.labels({ outcome })
        observe = (value) => labelled.observe(value)
        spans.set(outcome, observe)
      }
      observe(seconds)
    }
  }
}

type RadiusStore = ReturnType<typeof storeOf>

function storeOf({ store }: RadiusThreadData) {
  return {
    accounting: proxy<StoreServices['accounting']>(store.accounting).remote,
    clientObservations: proxy<StoreServices['clientObservations']>(store.clientObservations).remote,
    knownAccounts: proxy<StoreServices['knownAccounts']>(store.knownAccounts).remote,
    lockout: proxy<StoreServices['lockout']>(store.lockout).remote,
    receipts: proxy<StoreServices['receipts']>(store.receipts).remote,
    sessionLimits: proxy<StoreServices['sessionLimits']>(store.sessionLimits).remote,
    shield: proxy<StoreServices['shield']>(store.shield).remote,
    users: proxy<StoreServices['users']>(store.users).remote,
  }
}
