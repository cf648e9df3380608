/**
 * The network door in memory: everything a RADIUS worker is made of, composed as `threads/radius-worker.ts` does, with a
 * clock that stands still and without sockets, threads or a database. Tests and the fuzzer send it datagrams.
 */

import assert from 'node:assert/strict'
import { ResumptionStore } from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { AccessDoor } from '../src/access/access-door.ts'
import type { AccessRequest } from '../src/access/access-request.ts'
import { AccountingQueue } from '../src/access/accounting/accounting-queue.ts'
import { AccountingReceiver } from '../src/access/accounting/accounting-receiver.ts'
import type { AccountingRecord } from '../src/access/accounting/accounting-record.ts'
import type { Answer } from '../src/access/answer.ts'
import { ClientObservations } from '../src/access/clients/client-observations.ts'
import { Conclusion } from '../src/access/conclusion.ts'
import { Conversations } from '../src/access/conversations.ts'
import type { EapConversation } from '../src/access/eap/eap-conversation.ts'
import { EapLogin } from '../src/access/eap/eap-login.ts'
import { MacLogin } from '../src/access/mab/mac-login.ts'
import { UnknownMacs } from '../src/access/mab/unknown-macs.ts'
import { forwardAccounting } from '../src/access/proxy/forwarded-accounting.ts'
import { LoopMark } from '../src/access/proxy/loop-mark.ts'
import { ProxyDoor } from '../src/access/proxy/proxy-door.ts'
import type { OpenTransport, UpstreamTransport } from '../src/access/proxy/upstream-transport.ts'
import { Upstreams } from '../src/access/proxy/upstreams.ts'
import { ReplyCache } from '../src/access/reply-cache.ts'
import type { Served } from '../src/access/served.ts'
import type { SessionLimitCheck } from '../src/access/sessions/session-limit-check.ts'
import { configurationSchema, type UpstreamConfiguration } from '../src/config/schema.ts'
import { ClientCertificateCheck } from '../src/enrolment/client-certificate-check.ts'
import { RevocationGate } from '../src/enrolment/revocation/revocation-gate.ts'
import { Directories } from '../src/identity/ldap/directories.ts'
import { DirectoryCaches } from '../src/identity/ldap/directory-caches.ts'
import { SLOW_CHECKS, VERIFIERS_IN_MEMORY } from '../src/identity/local/create-local-source.ts'
import { Lockout } from '../src/identity/local/lockout.ts'
import { LockoutGuard } from '../src/identity/local/lockout-guard.ts'
import { VerifierCache } from '../src/identity/local/verifier-cache.ts'
import { WorkLimit } from '../src/identity/local/work-limit.ts'
import type { StoredMac } from '../src/identity/mac/stored-mac.ts'
import { NO_UPSTREAMS } from '../src/identity/radius/upstream-check.ts'
import { Shield } from '../src/identity/shield/shield.ts'
import { ShieldGuard } from '../src/identity/shield/shield-guard.ts'
import { SourceStates } from '../src/identity/state/source-states.ts'
import { Winbinds } from '../src/identity/winbind/winbinds.ts'
import { type Receipt, ReceiptIds } from '../src/journal/index.ts'
import { receiptRow } from '../src/journal/receipt-row.ts'
import type { FakeClock } from '../src/kernel/clock.ts'
import { Logging } from '../src/kernel/logging.ts'
import { Metrics } from '../src/kernel/metrics.ts'
import { ClientMonitor } from '../src/listeners/radius-udp/client-monitor.ts'
import { LogLimit } from '../src/listeners/radius-udp/log-limit.ts'
import { type PortKind, RadiusPort } from '../src/listeners/radius-udp/radius-port.ts'
import type { Source } from '../src/listeners/radius-udp/udp-listener.ts'
import { type CompileContext, type Compiled, compileSnapshot } from '../src/threads/compile-snapshot.ts'
import { DOOR_PKI } from './door-pki.ts'
import { DoorUsers } from './door-users.ts'

/** Two RADIUS clients that keep the rules and one that is too old for Message-Authenticator. */
export const NAS = { address: '192.0.2.10', port: 40_000 } as const
export const OTHER_NAS = { address: '192.0.2.11', port: 40_000 } as const
export const LEGACY_NAS = { address: '192.0.2.12', port: 40_000 } as const
/** Switches that ask for MAC addresses: by Service-Type, and by a name that is one. */
export const CHECK_SWITCH = { address: '192.0.2.14', port: 40_000 } as const
export const NAME_SWITCH = { address: '192.0.2.15', port: 40_000 } as const
export const STRANGER = { address: '198.51.100.1', port: 40_000 } as const
export const SECRET = 'a shared secret of some length'

const CLIENTS = [
  { name: 'nas', address: NAS.address },
  { name: 'other-nas', address: OTHER_NAS.address },
  { name: 'legacy-nas', address: LEGACY_NAS.address, requireMessageAuthenticator: false },
  { name: 'switched-off', address: '192.0.2.13', enabled: false },
  { name: 'check-switch', address: CHECK_SWITCH.address, macAuthentication: { recognise: 'call-check' } },
  {
    name: 'name-switch',
    address: NAME_SWITCH.address,
    macAuthentication: { recognise: 'user-name-is-mac' },
  },
].map((client) => ({ ...client, secret: SECRET }))

export const DOOR_MARK = new LoopMark(new Uint8Array(12).fill(7))

/** What the rules let in unless a test says otherwise: everybody who proved who they are. */
const EVERYBODY = [{ name: 'everybody', when: 'true', effect: 'accept' }] as const

export interface DoorOptions {
  readonly rules?: readonly object[]
  readonly profiles?: readonly object[]
  readonly realms?: readonly object[]
  /** Vendors of `NAS`, `OTHER_NAS` and `LEGACY_NAS`; default other. */
  readonly vendor?: string
  readonly otherVendor?: string
  readonly legacyVendor?: string
  readonly upstreams?: readonly UpstreamConfiguration[]
  /** Wrong passwords until an account locks; 0 = never. */
  readonly lockoutThreshold?: number
  /** Most conversations at a time. */
  readonly conversations?: number
  /** Counts sessions for rules that limit them; default: there is none, as in a worker that lost its store thread. */
  readonly limits?: SessionLimitCheck
  /** Stores accounting records; default: all durable. */
  readonly storeAccounting?: (records: readonly AccountingRecord[]) => Promise<readonly boolean[]>
}

export class Door {
  readonly clock: FakeClock
  readonly users: DoorUsers
  readonly monitor: ClientMonitor
  readonly observations = new ClientObservations((secret) => Buffer.from(secret.octets).toString())
  readonly conversations: Conversations<EapConversation>
  readonly eap: EapLogin
  readonly upstreams: Upstreams
  /** Who answers what is passed on; a test puts its own in place. */
  upstreamNetwork: (...args: Parameters<OpenTransport>) => UpstreamTransport = () => ({
    send: () => {},
    close: () => {},
  })
  readonly receipts: Receipt[] = []
  readonly accounted: AccountingRecord[] = []
  readonly logged: Record<string, unknown>[] = []
  /** What EAP methods threw. */
  readonly broken: unknown[] = []
  /** The MAC store, by address. */
  readonly macs = new Map<string, StoredMac>()
  readonly unknownMacs = new UnknownMacs()
  /** Runs while a receipt is made: what goes wrong after an answer throws here. */
  duringReceipt: () => void = () => {}
  /** Compiled from the options; a test may put another one in its place. */
  served: Served
  readonly #metrics = new Metrics()
  readonly #ports: Readonly<Record<PortKind, RadiusPort>>
  #underWay: Promise<unknown> = Promise.resolve()

  static async open(options: DoorOptions = {}): Promise<Door> {
    const users = new DoorUsers()
    return new Door(options, users, await compile(options, users))
  }

  private constructor(options: DoorOptions, users: DoorUsers, { served, clients }: Compiled) {
    const { clock } = users
    const monotonic = clock.monotonic.bind(clock)
    this.clock = clock
    this.users = users
    this.served = served
    this.monitor = new ClientMonitor(this.#metrics)
    const { conversations: capacity = 20_000 } = options
    this.conversations = new Conversations({ node: 0, worker: 0, capacity })
    const log = new Logging({ clock, stream: { write: (line) => void this.logged.push(JSON.parse(line)) } })
    const conclusion = new Conclusion({
      ids: new ReceiptIds(clock),
      journal: {
        record: (make) => {
          this.duringReceipt()
          const receipt = make()
          receiptRow(receipt) // as the journal does at once, whatever the receipt holds
          this.receipts.push(receipt)
        },
      },
      log: log.for('radius'),
      monotonic,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      count: () => {},
    })
    const newest = () => this.served
    const macs = new MacLogin({
      directory: { find: (mac) => this.macs.get(mac) },
      unknown: this.unknownMacs,
      conclusion,
      now: () => clock.now(),
      monotonic,
      failed: (error) => this.broken.push(error),
    })
    this.eap = new EapLogin({
      conversations: this.conversations,
      conclusion,
      macs,
      served: newest,
      monotonic,
      broken: (error) => this.broken.push(error),
    })
    this.upstreams = new Upstreams(['authentication'], {
      open: async (to, events) => this.upstreamNetwork(to, events),
      monotonic,
      random: () => 0,
    })
    this.upstreams.configure(options.upstreams ?? [])
    const proxy = new ProxyDoor({
      upstreams: this.upstreams,
      conversations: new Conversations({ node: 0, worker: 0, capacity }),
      conclusion,
      served: newest,
      monotonic,
      mark: DOOR_MARK,
    })
    const access = new AccessDoor({ proxy, eap: this.eap, macs, conclusion, served: newest, monotonic })
    const accounting = new WatchedReceiver(options.storeAccounting ?? allDurable, this)
    const replies = new ReplyCache({ capacity: 1024, ringOctets: 1024 * 1024 })
    const port = (kind: PortKind) =>
      new RadiusPort({
        kind,
        findClient: (address) => clients.find(address),
        access: {
          receive: (request) => this.watch(access.receive(request)),
          repeated: (challenge) => access.repeated(challenge),
        },
        accounting,
        handover: { pass: () => false },
        replies,
        monitor: this.monitor,
        observations: this.observations,
        clock,
        log: log.for(kind === 'accounting' ? 'accounting' : 'radius'),
        logLimit: new LogLimit(),
      })
    this.#ports = { authentication: port('authentication'), accounting: port('accounting') }
  }

  /** One datagram in; its answer once everything it set off has come to rest, undefined for silence. */
  async send(
    datagram: Uint8Array,
    from: Source = NAS,
    kind: PortKind = 'authentication',
  ): Promise<Uint8Array | undefined> {
    const answers: Uint8Array[] = []
    this.submit(datagram, (octets) => answers.push(octets), from, kind)
    await this.rest()
    if (answers.length > 1) throw new Error(`${answers.length} answers to one datagram`)
    return answers[0]
  }

  /** As the socket does it: returns at once, `reply` is called now or later. */
  submit(
    datagram: Uint8Array,
    reply: (octets: Uint8Array) => void,
    from: Source = NAS,
    kind: PortKind = 'authentication',
  ): void {
    this.#ports[kind].receive(datagram, from, reply)
  }

  /** Resolves when nothing is being worked on any more. */
  async rest(): Promise<void> {
    let seen: Promise<unknown> | undefined
    while (seen !== this.#underWay) {
      seen = this.#underWay
      await seen
    }
  }

  /** Counts an answer that is still being worked out among what `rest` waits for. */
  watch<T extends Answer | Promise<Answer>>(answer: T): T {
    if (answer instanceof Promise) {
      const ignore = () => {}
      // Two turns more: the delivery, and the catch behind it.
      const delivered = answer.then(ignore, ignore).then(ignore).then(ignore)
      this.#underWay = Promise.all([this.#underWay, delivered])
    }
    return answer
  }

  /** Packets dropped so far, by reason. */
  async drops(): Promise<ReadonlyMap<string, number>> {
    const metrics = await this.#metrics.snapshot()
    const counter = metrics.find(({ name }) => name === 'sallyport_radius_dropped_total')
    return new Map(counter?.values.map(({ labels, value }) => [String(labels.reason), value]))
  }

  /** The last receipt. */
  get receipt(): Receipt {
    const last = this.receipts.at(-1)
    if (last === undefined) throw new Error('no receipt')
    return last
  }

  /** Lets go of what was written down so far. */
  forget(): void {
    for (const list of [this.receipts, this.accounted, this.logged, this.broken, this.users.lookups])
      list.length = 0
  }

  close(): void {
    this.conversations.close()
  }
}

function compile(options: DoorOptions, users: DoorUsers) {
  const { rules = EVERYBODY, profiles = [], realms = [], lockoutThreshold: threshold = 10 } = options
  const vendors: Readonly<Record<string, string | undefined>> = {
    nas: options.vendor,
    'other-nas': options.otherVendor,
    'legacy-nas': options.legacyVendor,
  }
  const { clock } = users
  const document = configurationSchema.parse({
    clients: CLIENTS.map((client) => ({ ...client, vendor: vendors[client.name] ?? 'other' })),
    sources: [{ name: 'local', kind: 'local', passwordStorage: 'nt-hash', lockout: { threshold } }],
    realms: [
      { name: 'default', default: true, sources: ['local'] },
      { name: 'example.org', suffixes: ['example.org'], prefixes: ['EXAMPLE'], sources: ['local'] },
      ...realms,
    ],
    trust: [{ name: 'own', kind: 'own' }],
    profiles,
    rules,
  })
  const clients = document.clients.map(
    ({ newSecret: _none, dynamicAuthorizationSecret: _neither, ...client }) => ({
      ...client,
      secret: SECRET,
    }),
  )
  const clientAddresses = CLIENTS.map(({ name, address }) => ({ client: name, networks: [`${address}/32`] }))
  const sources = document.sources.filter((source) => source.kind === 'local')
  const others = { upstreams: [], serverCertificates: [], challengeValidators: [], mail: [], connections: [] }
  const configuration = { ...document, clients, sources, ...others }
  const snapshot = { version: 1, revision: 1, configuration, clientAddresses }
  return compileSnapshot(
    {
      snapshot,
      certificates: [{ name: 'built-in', certificates: DOOR_PKI.server, clients: [], realms: [] }],
      trust: DOOR_PKI.trust,
    },
    {
      clock,
      engine: new NodeTlsEngine(),
      resumption: new ResumptionStore({ now: () => clock.monotonic() }),
      certificateCheck: new ClientCertificateCheck(DOOR_PKI.trust),
      revocationGate: new RevocationGate({
        ask: () => Promise.reject(new Error('nobody to ask')),
        changes: () => 0,
        own: { find: () => undefined },
        issued: { has: () => true },
        askRecords: async () => false,
        clock,
      }),
      sources: {
        clock,
        sealer: users.sealer,
        verifiers: new VerifierCache(users.sealer, VERIFIERS_IN_MEMORY),
        guard: new LockoutGuard(new Lockout(users.lockouts, clock), clock),
        slow: new WorkLimit(SLOW_CHECKS.running, SLOW_CHECKS.waiting),
        rows: { replacePassword: async () => true },
      },
      directory: () => users,
      upstreams: NO_UPSTREAMS,
      shield: new ShieldGuard({
        owner: new Shield(clock),
        clock,
        workers: 1,
        witness: { stopped: () => {}, alarm: () => {} },
      }),
      directories: new Directories(),
      winbinds: new Winbinds(),
      ...sourcesOfOthers(clock),
      log: new Logging({ clock, level: 'silent' }).for('identity'),
    },
  )
}

/** Nothing is kept of what directories said. */
function sourcesOfOthers(clock: FakeClock): Pick<CompileContext, 'states' | 'caches' | 'isDoor'> {
  const owner = {
    change: async () => undefined,
    find: async () => undefined,
    guess: async () => 'unknown' as const,
    guessedRight: async () => undefined,
  }
  const caches = new DirectoryCaches({ clock, owner, failed: (error) => assert.fail(String(error)) })
  return { states: new SourceStates(clock, new Metrics()), caches, isDoor: true }
}

/** The real receiver, whose answers the door waits for. */
class WatchedReceiver extends AccountingReceiver {
  readonly #door: Door

  constructor(store: NonNullable<DoorOptions['storeAccounting']>, door: Door) {
    super(
      new AccountingQueue((records) => {
        door.accounted.push(...records)
        return store(records)
      }),
      forwardAccounting(() => door.served, DOOR_MARK),
    )
    this.#door = door
  }

  override receive(request: AccessRequest): Promise<Answer> {
    return this.#door.watch(super.receive(request))
  }
}

async function allDurable(records: readonly AccountingRecord[]): Promise<boolean[]> {
  return records.map(() => true)
}
