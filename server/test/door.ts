/**
 * The network door in memory: everything a RADIUS worker is made of, composed as `threads/radius-worker.ts` does, with a
 * clock that stands still and without sockets, threads or a database. What tests and the fuzzer send are datagrams.
 */
import { randomBytes } from 'node:crypto'
import { ResumptionStore } from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { AccessDoor } from '../src/access/access-door.ts'
import type { AccessRequest } from '../src/access/access-request.ts'
import { AccountingQueue } from '../src/access/accounting/accounting-queue.ts'
import { AccountingReceiver } from '../src/access/accounting/accounting-receiver.ts'
import type { AccountingRecord } from '../src/access/accounting/accounting-record.ts'
import type { Answer } from '../src/access/answer.ts'
import { Conclusion } from '../src/access/conclusion.ts'
import { Conversations } from '../src/access/conversations.ts'
import type { EapConversation } from '../src/access/eap/eap-conversation.ts'
import { EapLogin } from '../src/access/eap/eap-login.ts'
import { ReplyCache } from '../src/access/reply-cache.ts'
import type { Served } from '../src/access/served.ts'
import { type ConfigurationDocument, configurationSchema } from '../src/config/schema.ts'
import { ClientCertificateCheck } from '../src/enrolment/client-certificate-check.ts'
import { VERIFIERS_IN_MEMORY } from '../src/identity/local/create-local-source.ts'
import { Lockout } from '../src/identity/local/lockout.ts'
import { LockoutGuard } from '../src/identity/local/lockout-guard.ts'
import { MemoryUserDirectory } from '../src/identity/local/memory-user-directory.ts'
import { sealPassword } from '../src/identity/local/sealed-password.ts'
import type { StoredPassword, StoredUser } from '../src/identity/local/stored-user.ts'
import { MemoryLockoutStore } from '../src/identity/local/test/house.ts'
import { VerifierCache } from '../src/identity/local/verifier-cache.ts'
import { WorkLimit } from '../src/identity/local/work-limit.ts'
import { type Receipt, ReceiptIds } from '../src/journal/index.ts'
import { FakeClock } from '../src/kernel/clock.ts'
import { Logging } from '../src/kernel/logging.ts'
import { Metrics } from '../src/kernel/metrics.ts'
import { Sealer } from '../src/kernel/seal.ts'
import { ClientMonitor } from '../src/listeners/radius-udp/client-monitor.ts'
import { LogLimit } from '../src/listeners/radius-udp/log-limit.ts'
import { type PortKind, RadiusPort } from '../src/listeners/radius-udp/radius-port.ts'
import type { Source } from '../src/listeners/radius-udp/udp-listener.ts'
import { type Compiled, compileSnapshot } from '../src/threads/compile-snapshot.ts'
import { DOOR_PKI } from './door-pki.ts'

/** Two RADIUS clients that keep the rules and one that is too old for Message-Authenticator. */
export const NAS = { address: '192.0.2.10', port: 40_000 } as const
export const OTHER_NAS = { address: '192.0.2.11', port: 40_000 } as const
export const LEGACY_NAS = { address: '192.0.2.12', port: 40_000 } as const
export const STRANGER = { address: '198.51.100.1', port: 40_000 } as const
export const SECRET = 'a shared secret of some length'

export const PASSWORD = 'correct horse'

const CLIENTS = [
  { name: 'nas', address: NAS.address },
  { name: 'other-nas', address: OTHER_NAS.address },
  { name: 'legacy-nas', address: LEGACY_NAS.address, requireMessageAuthenticator: false },
  { name: 'switched-off', address: '192.0.2.13', enabled: false },
].map((client) => ({ ...client, secret: SECRET }))

/** What the rules let in unless a test says otherwise: everybody who proved who they are. */
const EVERYBODY = [{ name: 'everybody', effect: 'accept' }] as const

export interface DoorOptions {
  readonly rules?: readonly object[]
  readonly profiles?: readonly object[]
  readonly realms?: readonly object[]
  /** Conversations the table holds. */
  readonly conversations?: number
  readonly replies?: number
  /** Stores accounting records; default: all durable. */
  readonly storeAccounting?: (records: readonly AccountingRecord[]) => Promise<readonly boolean[]>
}

export class Door {
  readonly clock = new FakeClock()
  readonly metrics = new Metrics()
  readonly monitor = new ClientMonitor(this.metrics)
  readonly users = new MemoryUserDirectory()
  readonly lockouts = new MemoryLockoutStore()
  readonly receipts: Receipt[] = []
  /** Names the directory was asked for. */
  readonly lookups: string[] = []
  readonly accounted: AccountingRecord[] = []
  readonly logged: Record<string, unknown>[] = []
  /** Runs before each lookup: a directory that is broken throws here. */
  beforeLookup: () => void = () => {}
  /** Takes the place of the compiled configuration: a test gives another authentication order, say. */
  served: Served
  readonly conversations: Conversations<EapConversation>
  readonly replies: ReplyCache
  readonly eap: EapLogin
  readonly #compiled: Compiled
  readonly #ports: Record<PortKind, RadiusPort>
  readonly #sealer: Sealer
  #underWay: Promise<unknown> = Promise.resolve()

  static async open(options: DoorOptions = {}): Promise<Door> {
    const start = new DoorStart()
    return new Door(options, start, await start.compile(options))
  }

  private constructor(options: DoorOptions, start: DoorStart, compiled: Compiled) {
    start.door = this
    this.#sealer = start.sealer
    this.clock = start.clock
    this.#compiled = compiled
    this.served = compiled.served
    const { clock, metrics, monitor } = this
    const monotonic = clock.monotonic.bind(clock)
    this.conversations = new Conversations({
      node: 0,
      worker: 0,
      ...(options.conversations === undefined ? {} : { capacity: options.conversations }),
    })
    this.replies = new ReplyCache(options.replies === undefined ? {} : { capacity: options.replies })
    const log = new Logging({ clock, stream: { write: (line) => void this.logged.push(JSON.parse(line)) } })
    const conclusion = new Conclusion({
      ids: new ReceiptIds(clock),
      journal: { record: (make) => void this.receipts.push(make()) },
      log: log.for('radius'),
      monotonic,
      count: () => {},
    })
    const served = () => this.served
    this.eap = new EapLogin({ conversations: this.conversations, conclusion, served, monotonic })
    const access = new AccessDoor({ eap: this.eap, conclusion, served, monotonic })
    const accounting = new WatchedReceiver(options.storeAccounting ?? allDurable, this)
    const port = (kind: PortKind) =>
      new RadiusPort({
        kind,
        findClient: (address) => this.#compiled.clients.find(address),
        access: { receive: (request) => this.watch(access.receive(request)) },
        accounting,
        replies: this.replies,
        monitor,
        clock,
        log: log.for(kind === 'accounting' ? 'accounting' : 'radius'),
        logLimit: new LogLimit(),
      })
    this.#ports = { authentication: port('authentication'), accounting: port('accounting') }
    this.metrics = metrics
  }

  /** One datagram in; its answer once everything it set off has come to rest, undefined for silence. */
  async send(datagram: Uint8Array, from: Source = NAS, kind: PortKind = 'authentication') {
    const answers: Uint8Array[] = []
    this.submit(datagram, from, kind, (octets) => answers.push(octets))
    await this.rest()
    if (answers.length > 1) throw new Error(`${answers.length} answers to one datagram`)
    return answers[0]
  }

  /** As the socket does it: returns at once, `reply` is called now or later. */
  submit(
    datagram: Uint8Array,
    from: Source,
    kind: PortKind,
    reply: (octets: Uint8Array) => void,
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
      // The two turns after it: delivery, and the catch behind delivery.
      const delivered = answer.then(() => {}, () => {}).then(() => {}).then(() => {})
      this.#underWay = Promise.all([this.#underWay, delivered])
    }
    return answer
  }

  async addUser(
    name: string,
    fields: Partial<StoredUser> & { readonly secret?: string; readonly storage?: StoredPassword['storage'] } = {},
  ): Promise<void> {
    const { secret = PASSWORD, storage = 'reversible', ...rest } = fields
    const id = `id-${name}`
    this.users.put({
      id,
      name,
      source: 'local',
      password: await sealPassword(id, secret, storage, this.#sealer, this.clock.now()),
      mustChangePassword: false,
      passwordNeverExpires: false,
      disabled: false,
      attributes: {},
      groups: ['Staff'],
      failures: 0,
      ...rest,
    })
    this.lockouts.rows.set(id, { failures: 0, lastFailureAt: null, lockedUntil: null })
  }

  /** How many packets were dropped for a reason. */
  async dropped(code: string): Promise<number> {
    const metrics = await this.metrics.snapshot()
    const drops = metrics.find(({ name }) => name === 'sallyport_radius_dropped_total') as
      | { values: { value: number; labels: { reason: string } }[] }
      | undefined
    return drops?.values.find(({ labels }) => labels.reason === code)?.value ?? 0
  }

  close(): void {
    this.conversations.close()
  }
}

/** What has to be there before a door can be compiled. */
class DoorStart {
  readonly clock = new FakeClock()
  readonly sealer = new Sealer([{ id: 'test', key: randomBytes(32) }])
  door: Door | undefined

  async compile({ rules = EVERYBODY, profiles = [], realms = [] }: DoorOptions): Promise<Compiled> {
    const { clock, sealer } = this
    const document: ConfigurationDocument = configurationSchema.parse({
      clients: CLIENTS,
      sources: [{ name: 'local', kind: 'local', passwordStorage: 'nt-hash' }],
      realms: [
        { name: 'default', default: true, sources: ['local'] },
        { name: 'example.org', suffixes: ['example.org'], prefixes: ['EXAMPLE'], sources: ['local'] },
        ...realms,
      ],
      trust: [{ name: 'own', kind: 'own' }],
      profiles,
      rules,
    })
    const certificateCheck = new ClientCertificateCheck(DOOR_PKI.trust)
    // The clients above carry plain secrets, which is all that tells a document from what is served.
    const configuration = { ...document, clients: document.clients.map((c) => ({ ...c, secret: SECRET })) }
    return compileSnapshot(
      {
        snapshot: {
          version: 1,
          revision: 1,
          configuration: configuration as Parameters<typeof compileSnapshot>[0]['snapshot']['configuration'],
          clientAddresses: CLIENTS.map(({ name, address }) => ({ client: name, networks: [`${address}/32`] })),
        },
        certificates: DOOR_PKI.server,
        trust: DOOR_PKI.trust,
      },
      {
        clock,
        engine: new NodeTlsEngine(),
        resumption: new ResumptionStore({ now: () => clock.monotonic() }),
        certificateCheck,
        sources: {
          clock,
          sealer,
          verifiers: new VerifierCache(sealer, VERIFIERS_IN_MEMORY),
          guard: new LockoutGuard(this.#lockout(), clock),
          slow: new WorkLimit(2, 128),
          rows: { replacePassword: async () => true },
        },
        directory: () => ({ find: (key) => this.#find(key) }),
        log: new Logging({ clock, level: 'silent' }).for('identity'),
      },
    )
  }

  #find(key: string): StoredUser | undefined {
    this.door?.lookups.push(key)
    this.door?.beforeLookup()
    return this.door?.users.find(key)
  }

  #lockout(): Lockout {
    const rows = () => this.door?.lockouts ?? new MemoryLockoutStore()
    return new Lockout(
      {
        readLockout: (userId) => rows().readLockout(userId),
        writeLockouts: (writes) => rows().writeLockouts(writes),
      },
      this.clock,
    )
  }
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
