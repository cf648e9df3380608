import { AccountingForwarder } from '../access/proxy/accounting-forwarder.ts'
import { ForwardedAccountingStore } from '../access/proxy/forwarded-accounting-store.ts'
import { countUpstreams } from '../access/proxy/upstream-metrics.ts'
import { openUdp } from '../access/proxy/upstream-transport.ts'
import { type UpstreamSeen, Upstreams } from '../access/proxy/upstreams.ts'
import type { Configuration } from '../config/schema.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import type { Metrics } from '../kernel/metrics.ts'
import type { Database } from '../store/database.ts'
import type { RemoteStores } from './store-thread.ts'

/** How exact retransmissions are, and how often the queue is looked at. */
const TICK_MILLISECONDS = 50
const ROUND_MILLISECONDS = 250
const COUNT_MILLISECONDS = 10_000

/** Accounting on its way to upstreams: main reads the queue and sends, the store thread deletes. */
export class AccountingForwarding {
  readonly #upstreams: Upstreams
  readonly #forwarder: AccountingForwarder
  readonly #timers: readonly NodeJS.Timeout[]
  #configuration: Configuration
  #waiting = 0

  constructor(parts: {
    readonly configuration: Configuration
    readonly reader: Database
    readonly stores: RemoteStores
    readonly metrics: Metrics
    readonly clock: Clock
    readonly log: Logger
  }) {
    const { reader, stores, metrics, clock, log } = parts
    this.#configuration = parts.configuration
    this.#upstreams = new Upstreams(
      ['accounting'],
      { open: openUdp, monotonic: clock.monotonic, random: Math.random },
      countUpstreams(metrics),
      TICK_MILLISECONDS,
    )
    const records = metrics.counter('forwarded_accounting_total', 'Accounting records passed on', ['outcome'])
    metrics.gauge(
      'forwarded_accounting_waiting',
      'Accounting records upstreams are still to be given',
      () => this.#waiting,
    )
    this.#forwarder = new AccountingForwarder({
      upstreams: this.#upstreams,
      groups: () => [...groupsOf(this.#configuration)],
      reader: new ForwardedAccountingStore(reader),
      writer: stores.forwardedAccounting,
      keepMilliseconds: () => this.#configuration.settings.accounting.forwardHours * 3_600_000,
      clock,
      log,
      count: (outcome, number) => records.inc({ outcome }, number),
    })
    const recount = async (): Promise<void> => {
      try {
        const queues = await stores.forwardedAccounting.queues()
        this.#waiting = queues.reduce((sum, { waiting }) => sum + waiting, 0)
      } catch (error) {
        log.warn({ err: error }, 'The accounting that waits could not be counted.')
      }
    }
    this.#timers = [
      setInterval(() => this.#forwarder.tick(), ROUND_MILLISECONDS),
      setInterval(() => void recount(), COUNT_MILLISECONDS),
    ]
    this.configure(parts.configuration)
  }

  configure(configuration: Configuration): void {
    this.#configuration = configuration
    const groups = groupsOf(configuration)
    this.#upstreams.configure(configuration.upstreams.filter(({ group }) => groups.has(group)))
  }

  seen(): readonly UpstreamSeen[] {
    return this.#upstreams.seen()
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#upstreams.close()
    await this.#forwarder.close()
  }
}

/** Groups that are given accounting: only their accounting ports are anybody's business. */
function groupsOf({ realms }: Configuration): Set<string> {
  return new Set(realms.flatMap(({ proxy }) => (proxy?.accounting === true ? [proxy.group] : [])))
}
