import type { SessionControl } from '../access/dynamic-authorization/action.ts'
import { DynamicAuthorizationStore } from '../access/dynamic-authorization/dynamic-authorization-store.ts'
import { Relay, TIME_WINDOW_SECONDS } from '../access/dynamic-authorization/relay/relay.ts'
import { Senders } from '../access/dynamic-authorization/relay/senders.ts'
import { ReplyCache } from '../access/reply-cache.ts'
import { EMPTY_CONFIGURATION } from '../config/schema.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logging } from '../kernel/logging.ts'
import type { Metrics } from '../kernel/metrics.ts'
import { type Listener, openListener } from '../listeners/radius-udp/open-listener.ts'
import type { DatagramHandler } from '../listeners/radius-udp/udp-listener.ts'
import type { Database } from '../store/database.ts'

/** A NAC that moves a building at a time; beyond, the oldest answers are forgotten. */
const ANSWERS_KEPT = 16_384
/** Twenty octets, Error-Cause and Proxy-State. */
const OCTETS_KEPT = 4 * 1024 * 1024

export interface RelayPortParts {
  readonly addresses: readonly string[]
  readonly port: number
  readonly control: SessionControl
  readonly reader: Database
  readonly clock: Clock
  readonly logging: Logging
  readonly metrics: Metrics
}

/** The port trusted senders send CoA and Disconnect to: open only while the configuration has one. */
export class RelayPort {
  readonly #parts: RelayPortParts
  readonly #relay: Relay
  #senders: Senders = new Senders({ configuration: EMPTY_CONFIGURATION, clientAddresses: [] })
  #listeners: Listener[] = []
  #work: Promise<void> = Promise.resolve()

  constructor(parts: RelayPortParts) {
    const { control, reader, clock, logging, metrics } = parts
    const store = new DynamicAuthorizationStore(reader)
    const requests = metrics.counter('dynamic_authorization_requests_total', 'CoA and Disconnect that came', [
      'client',
      'outcome',
    ])
    this.#parts = parts
    this.#relay = new Relay({
      senders: () => this.#senders,
      find: (wanted, most) => store.findSessions(wanted, most),
      act: (request) => control.act(request),
      replies: new ReplyCache({
        capacity: ANSWERS_KEPT,
        lifetimeMilliseconds: 2 * TIME_WINDOW_SECONDS * 1000,
        ringOctets: OCTETS_KEPT,
      }),
      clock,
      log: logging.for('coa'),
      count: (client, outcome) => requests.inc({ client, outcome }),
    })
  }

  /** Never rejects: where the port cannot be opened, logins go on, and the log says why. */
  follow(snapshot: Snapshot): Promise<void> {
    this.#work = this.#work.then(() => this.#follow(snapshot))
    return this.#work
  }

  async close(): Promise<void> {
    await this.#work
    await this.#close()
  }

  async #follow(snapshot: Snapshot): Promise<void> {
    this.#senders = new Senders(snapshot)
    if (!this.#senders.some) await this.#close()
    else if (this.#listeners.length === 0) await this.#open()
  }

  async #open(): Promise<void> {
    const { addresses, port, logging } = this.#parts
    const log = logging.for('coa')
    const receive: DatagramHandler = (octets, source, reply) => this.#relay.receive(octets, source, reply)
    const options = { port, worker: 0, isShared: false, handlerAt: () => receive, log }
    try {
      for (const address of addresses) this.#listeners.push(await openListener({ ...options, address }))
      log.info({ port }, `CoA and Disconnect are taken on UDP port ${port}.`)
    } catch (error) {
      await this.#close()
      log.error(
        { err: error, port },
        `UDP port ${port} cannot be opened: CoA and Disconnect of trusted senders are not heard. See --coa-port.`,
      )
    }
  }

  async #close(): Promise<void> {
    const open = this.#listeners
    this.#listeners = []
    await Promise.all(open.map((listener) => listener.close()))
  }
}
