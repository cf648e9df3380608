import type { Attribute } from '@sallyport/radius'
import type { UpstreamConfiguration } from '../../config/schema.ts'
import {
  type UpstreamAnswer,
  type UpstreamPlatform,
  UpstreamPort,
  type UpstreamPortKind,
  type UpstreamPortSeen,
} from './upstream-port.ts'

/** Who answered, or why nobody did. */
export type GroupAnswer =
  | (Extract<UpstreamAnswer, { kind: 'reply' }> & { readonly port: UpstreamPort })
  | {
      readonly kind: 'silent'
      /** Servers asked in vain, with what each of them did; empty: all were dead already. */
      readonly tried: readonly {
        readonly upstream: string
        readonly answer: Extract<UpstreamAnswer, { kind: 'silent' }>
      }[]
    }

export interface UpstreamSeen {
  readonly name: string
  readonly ports: readonly UpstreamPortSeen[]
}

export type CountUpstream = (
  upstream: string,
  kind: UpstreamPortKind,
  outcome: 'reply' | 'timeout' | 'invalid',
) => void

/** A RADIUS client gives a login up after some 10 to 30 seconds: no further server is asked after this time. */
const LATEST_FAILOVER_MILLISECONDS = 10_000

/** The upstreams of the served configuration. What is known of a server stays while its entry does not change. */
export class Upstreams {
  readonly #kinds: readonly UpstreamPortKind[]
  readonly #platform: UpstreamPlatform
  readonly #count: CountUpstream
  readonly #tickMilliseconds: number | undefined
  #timer: NodeJS.Timeout | undefined
  #entries = new Map<string, { readonly image: string; readonly ports: readonly UpstreamPort[] }>()

  /** `tickMilliseconds`: how exact retransmissions are; without it, `tick` has to be called. */
  constructor(
    kinds: readonly UpstreamPortKind[],
    platform: UpstreamPlatform,
    count: CountUpstream = () => {},
    tickMilliseconds?: number,
  ) {
    this.#tickMilliseconds = tickMilliseconds
    this.#kinds = kinds
    this.#platform = platform
    this.#count = count
  }

  configure(upstreams: readonly UpstreamConfiguration[]): void {
    const before = this.#entries
    this.#entries = new Map()
    for (const upstream of upstreams.filter(({ enabled }) => enabled)) {
      const image = JSON.stringify(upstream)
      const known = before.get(upstream.name)
      const ports =
        known?.image === image ? known.ports : this.#kinds.map((kind) => this.#port(kind, upstream))
      this.#entries.set(upstream.name, { image, ports })
    }
    for (const [name, { ports }] of before) {
      if (this.#entries.get(name)?.ports !== ports) for (const port of ports) port.close()
    }
    this.#keepTime()
  }

  /** A server without upstreams is not woken for them. */
  #keepTime(): void {
    clearInterval(this.#timer)
    if (this.#tickMilliseconds === undefined || this.isEmpty) return
    this.#timer = setInterval(() => this.tick(this.#platform.monotonic()), this.#tickMilliseconds)
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  get dead(): number {
    return this.#ports.filter(({ health }) => health.state === 'dead').length
  }

  /** Whether somebody of the group may answer now. */
  isAlive(group: string, kind: UpstreamPortKind): boolean {
    return this.#choose(group, kind, new Set()) !== undefined
  }

  /**
   * Asks the best server of a group, and where it is silent the next. @throws RadiusError what the encoder refuses
   */
  async ask(
    group: string,
    kind: UpstreamPortKind,
    code: number,
    attributes: readonly Attribute[],
  ): Promise<GroupAnswer> {
    const { monotonic } = this.#platform
    const startedAt = monotonic()
    const asked = new Set<UpstreamPort>()
    const tried: { upstream: string; answer: Extract<UpstreamAnswer, { kind: 'silent' }> }[] = []
    for (;;) {
      const isLate = tried.length > 0 && monotonic() - startedAt > LATEST_FAILOVER_MILLISECONDS
      const port = isLate ? undefined : this.#choose(group, kind, asked)
      if (port === undefined) return { kind: 'silent', tried }
      const answer = await port.ask(code, attributes)
      if (answer.kind === 'reply') return { ...answer, port }
      asked.add(port)
      tried.push({ upstream: port.upstream.name, answer })
    }
  }

  tick(now: number): void {
    for (const port of this.#ports) port.tick(now)
  }

  seen(): UpstreamSeen[] {
    const now = this.#platform.monotonic()
    return [...this.#entries].map(([name, { ports }]) => ({
      name,
      ports: ports.map((port) => port.seen(now)),
    }))
  }

  close(): void {
    this.configure([])
  }

  get #ports(): UpstreamPort[] {
    return [...this.#entries.values()].flatMap(({ ports }) => ports)
  }

  #port(kind: UpstreamPortKind, upstream: UpstreamConfiguration): UpstreamPort {
    return new UpstreamPort(kind, upstream, this.#platform, (outcome) =>
      this.#count(upstream.name, kind, outcome),
    )
  }

  /** The living before the doubtful, then the lowest priority, then by weight. */
  #choose(group: string, kind: UpstreamPortKind, asked: ReadonlySet<UpstreamPort>): UpstreamPort | undefined {
    const now = this.#platform.monotonic()
    let best: UpstreamPort[] = []
    let order = Number.POSITIVE_INFINITY
    for (const port of this.#ports) {
      if (port.kind !== kind || port.upstream.group !== group || asked.has(port)) continue
      const rank = port.health.rank(now)
      if (rank === undefined) continue
      const place = rank * 1000 + port.upstream.priority
      if (place > order) continue
      if (place < order) best = []
      order = place
      best.push(port)
    }
    return this.#byWeight(best)
  }

  #byWeight(ports: readonly UpstreamPort[]): UpstreamPort | undefined {
    if (ports.length < 2) return ports[0]
    const total = ports.reduce((sum, { upstream }) => sum + upstream.weight, 0)
    let rest = this.#platform.random() * total
    for (const port of ports) {
      rest -= port.upstream.weight
      if (rest < 0) return port
    }
    return ports.at(-1)
  }
}
