import {
  type Attribute,
  type Exchange,
  Exchanges,
  type HidingKey,
  PacketCode,
  type PacketView,
  RFC_5080_RULES,
  Secret,
} from '@sallyport/radius'
import type { UpstreamConfiguration } from '../../config/schema.ts'
import { type HealthState, UpstreamHealth } from './upstream-health.ts'
import type { OpenTransport, UpstreamTransport } from './upstream-transport.ts'

export type UpstreamPortKind = 'authentication' | 'accounting'

export interface UpstreamPlatform {
  readonly open: OpenTransport
  readonly monotonic: () => number
  /** 0 to 1. */
  readonly random: () => number
}

/** What one server said to one request. */
export type UpstreamAnswer =
  | {
      readonly kind: 'reply'
      readonly packet: PacketView
      readonly hiding: HidingKey
      readonly attempts: number
      readonly milliseconds: number
    }
  | {
      readonly kind: 'silent'
      /** `invalid`: answers came and did not verify. `full`: as many requests as we can tell apart are waiting. */
      readonly why: 'timeout' | 'invalid' | 'unreachable' | 'full' | 'removed'
      readonly detail?: string
    }

export interface UpstreamPortSeen {
  readonly kind: UpstreamPortKind
  readonly state: HealthState
  /** Milliseconds ago. */
  readonly inStateFor: number
  readonly heardAgo?: number
  readonly answersStatus: boolean
  readonly waiting: number
  readonly requests: number
  readonly replies: number
  readonly timeouts: number
  readonly invalid: number
  readonly problem?: string
}

interface Waiter {
  readonly settle: (answer: UpstreamAnswer) => void
  readonly isStatus: boolean
}

/** One source port: 256 identifiers (RFC 2865 section 3). */
interface Channel {
  readonly exchanges: Exchanges
  readonly waiters: Map<Exchange, Waiter>
  transport: UpstreamTransport | undefined
  opened: Promise<void>
}

const IDENTIFIERS = 256
/** 32 source ports: 8,192 requests on their way to one port of one server. */
const MOST_CHANNELS = 32

/** One port of one upstream: requests on their way to it, and whether it is worth asking. */
export class UpstreamPort {
  readonly kind: UpstreamPortKind
  readonly upstream: UpstreamConfiguration
  readonly health: UpstreamHealth
  readonly #platform: UpstreamPlatform
  readonly #secret: Secret
  readonly #count: (outcome: 'reply' | 'timeout' | 'invalid') => void
  #channels: Channel[] = []
  #isClosed = false
  #statusRuns = false
  #statusAt = Number.NEGATIVE_INFINITY
  #requests = 0
  #replies = 0
  #timeouts = 0
  #invalid = 0
  #problem: string | undefined

  constructor(
    kind: UpstreamPortKind,
    upstream: UpstreamConfiguration,
    platform: UpstreamPlatform,
    count: (outcome: 'reply' | 'timeout' | 'invalid') => void,
  ) {
    this.kind = kind
    this.upstream = upstream
    this.#platform = platform
    this.#count = count
    this.#secret = new Secret(upstream.secret)
    const deadTimeMilliseconds = upstream.deadTimeSeconds * 1000
    this.health = new UpstreamHealth({ deadTimeMilliseconds }, platform.monotonic())
  }

  get waiting(): number {
    return this.#channels.reduce((sum, { exchanges }) => sum + exchanges.size, 0)
  }

  /** Sends until there is a verified reply or all attempts are over. @throws RadiusError what the encoder refuses */
  async ask(code: number, attributes: readonly Attribute[]): Promise<UpstreamAnswer> {
    this.#requests++
    this.health.asked()
    return this.#send(code, attributes, false)
  }

  /** To be called a few times a second: sends again, gives up, asks how the server is. */
  tick(now: number): void {
    for (const channel of this.#channels) {
      for (const { kind, exchange } of channel.exchanges.due(now)) {
        if (kind === 'send-again') channel.transport?.send(exchange.datagram)
        else this.#giveUp(channel, exchange, now)
      }
    }
    if (this.#isStatusDue(now)) void this.#askStatus(now)
  }

  seen(now: number): UpstreamPortSeen {
    const { state, since, heardAt, answersStatus } = this.health
    return {
      kind: this.kind,
      state,
      inStateFor: now - since,
      answersStatus,
      waiting: this.waiting,
      requests: this.#requests,
      replies: this.#replies,
      timeouts: this.#timeouts,
      invalid: this.#invalid,
      ...(heardAt === undefined ? {} : { heardAgo: now - heardAt }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    }
  }

  close(): void {
    this.#isClosed = true
    for (const { waiters, transport } of this.#channels) {
      for (const { settle } of waiters.values()) settle({ kind: 'silent', why: 'removed' })
      transport?.close()
    }
    this.#channels = []
  }

  async #send(code: number, attributes: readonly Attribute[], isStatus: boolean): Promise<UpstreamAnswer> {
    const { monotonic } = this.#platform
    if (this.#isClosed) return { kind: 'silent', why: 'removed' }
    const askedAt = monotonic()
    const channel = this.#freeChannel()
    if (channel === undefined) return { kind: 'silent', why: 'full' }
    if (channel.transport === undefined) {
      try {
        await channel.opened
      } catch (error) {
        this.#problem = messageOf(error)
        this.health.unanswered(askedAt, monotonic(), isStatus)
        return { kind: 'silent', why: 'unreachable', detail: this.#problem }
      }
      if (this.#isClosed) return { kind: 'silent', why: 'removed' }
      // Others may have waited for the same socket.
      if (channel.exchanges.size >= IDENTIFIERS) return this.#send(code, attributes, isStatus)
    }
    const exchange = channel.exchanges.start(code, attributes, monotonic())
    return new Promise((settle) => {
      channel.waiters.set(exchange, { settle, isStatus })
      channel.transport?.send(exchange.datagram)
    })
  }

  #freeChannel(): Channel | undefined {
    const free = this.#channels.find(({ exchanges }) => exchanges.size < IDENTIFIERS)
    if (free !== undefined) return free
    return this.#channels.length < MOST_CHANNELS ? this.#openChannel() : undefined
  }

  #openChannel(): Channel {
    const { host, authenticationPort, accountingPort, timeoutMilliseconds, retries } = this.upstream
    const port = this.kind === 'authentication' ? authenticationPort : accountingPort
    const channel: Channel = {
      exchanges: new Exchanges({
        secret: this.#secret,
        rules: { ...RFC_5080_RULES, timeoutMs: timeoutMilliseconds, retries },
        requireMessageAuthenticator: this.upstream.requireMessageAuthenticator,
        random: this.#platform.random,
      }),
      waiters: new Map(),
      transport: undefined,
      opened: Promise.resolve(),
    }
    const opening = this.#platform.open(
      { host, port },
      {
        received: (datagram) => this.#received(channel, datagram),
        failed: (error) => {
          this.#problem = messageOf(error)
        },
      },
    )
    channel.opened = opening.then(
      (transport) => {
        channel.transport = transport
        if (this.#isClosed) transport.close()
      },
      (error: unknown) => {
        this.#channels = this.#channels.filter((other) => other !== channel)
        throw error
      },
    )
    this.#channels.push(channel)
    return channel
  }

  #received(channel: Channel, datagram: Uint8Array): void {
    const received = channel.exchanges.receive(datagram)
    if (received.kind === 'ignored') {
      if (received.reason === 'no-such-request') return
      this.#problem = `an answer was dropped: ${received.reason}`
      return
    }
    const now = this.#platform.monotonic()
    const { exchange, packet, hiding } = received
    const waiter = channel.waiters.get(exchange)
    channel.waiters.delete(exchange)
    this.health.heard(now, waiter?.isStatus ?? false)
    this.#problem = undefined
    if (waiter?.isStatus === false) {
      this.#replies++
      this.#count('reply')
    }
    const milliseconds = now - exchange.startedAt
    waiter?.settle({ kind: 'reply', packet, hiding, attempts: exchange.attempts, milliseconds })
  }

  #giveUp(channel: Channel, exchange: Exchange, now: number): void {
    const waiter = channel.waiters.get(exchange)
    channel.waiters.delete(exchange)
    if (waiter === undefined) return
    const { ignored } = exchange
    const why = ignored === undefined ? 'timeout' : 'invalid'
    this.health.unanswered(exchange.startedAt, now, waiter.isStatus)
    if (!waiter.isStatus) {
      if (why === 'invalid') this.#invalid++
      else this.#timeouts++
      this.#count(why)
    }
    this.#problem ??= ignored === undefined ? 'no answer' : `an answer was dropped: ${ignored}`
    if (this.health.state === 'dead') this.#letGo(channel)
    waiter.settle({
      kind: 'silent',
      why,
      ...(ignored === undefined ? {} : { detail: ignored }),
    })
  }

  /** The name of a dead server may lead elsewhere by now: its next socket asks DNS again. */
  #letGo(channel: Channel): void {
    // Several requests may be given up at once: the first of them closes.
    if (channel.exchanges.size > 0 || !this.#channels.includes(channel)) return
    this.#channels = this.#channels.filter((other) => other !== channel)
    channel.transport?.close()
  }

  #isStatusDue(now: number): boolean {
    const { statusServer, statusIntervalSeconds } = this.upstream
    if (!statusServer || this.#statusRuns || this.#isClosed) return false
    if (this.health.state === 'suspect') return true
    const latest = Math.max(this.health.heardAt ?? Number.NEGATIVE_INFINITY, this.#statusAt)
    return now - latest >= statusIntervalSeconds * 1000
  }

  /** RFC 5997 section 4: nothing in it but the Message-Authenticator, which the encoder adds. */
  async #askStatus(now: number): Promise<void> {
    this.#statusRuns = true
    this.#statusAt = now
    await this.#send(PacketCode.StatusServer, [], true)
    this.#statusRuns = false
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
