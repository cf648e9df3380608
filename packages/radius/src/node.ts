/** The client's UDP socket. Everything it does to packets is in `client/exchanges.ts`. */
import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type Exchange, Exchanges } from './client/exchanges.ts'
import { RFC_5080_RULES } from './client/retransmission.ts'
import type { Attribute } from './definition.ts'
import { RadiusError } from './error.ts'
import type { HidingKey } from './hiding.ts'
import type { PacketView } from './packet-view.ts'
import { Secret } from './secret.ts'

export interface RadiusClientOptions {
  /** Address or name of the server. */
  readonly host: string
  readonly port: number
  readonly secret: Secret | string
  /** Wait before the first retransmission; doubles with each (RFC 5080 section 2.2.1). Default 2000. */
  readonly timeoutMs?: number
  /** The longest wait between two retransmissions. Default 16,000. */
  readonly longestTimeoutMs?: number
  /** How often a request is sent again. Default 5. */
  readonly retries?: number
  /** Refuse Access-* replies without Message-Authenticator. Default true. */
  readonly requireMessageAuthenticator?: boolean
  /** Open CoA-, Disconnect- and Accounting-Requests with a Message-Authenticator too. Default false. */
  readonly signEveryRequest?: boolean
  /** Address of this machine to send from. Default: the system chooses. */
  readonly localAddress?: string
}

export interface Response {
  /** `get` attributes from it; pass `hiding` for hidden ones. */
  readonly packet: PacketView
  readonly hiding: HidingKey
  /** The request as it was sent. */
  readonly datagram: Uint8Array
  readonly attempts: number
  readonly elapsedMs: number
}

interface Waiter {
  resolve(response: Response): void
  reject(error: RadiusError): void
}

/** Sends requests to one server over one UDP socket, up to 256 at a time. Close it when done. */
export class RadiusClient {
  readonly #options: RadiusClientOptions
  readonly #exchanges: Exchanges
  readonly #waiters = new Map<Exchange, Waiter>()
  #socket: Promise<Socket> | undefined
  #timer: NodeJS.Timeout | undefined
  /** The last complaint of the network: explains a timeout better than silence does. */
  #networkError: Error | undefined
  #isClosed = false

  constructor(options: RadiusClientOptions) {
    const {
      timeoutMs = RFC_5080_RULES.timeoutMs,
      longestTimeoutMs = RFC_5080_RULES.longestTimeoutMs,
      retries = RFC_5080_RULES.retries,
    } = options
    this.#options = options
    this.#exchanges = new Exchanges({
      secret: typeof options.secret === 'string' ? new Secret(options.secret) : options.secret,
      rules: { ...RFC_5080_RULES, timeoutMs, longestTimeoutMs, retries },
      requireMessageAuthenticator: options.requireMessageAuthenticator ?? true,
      signEveryRequest: options.signEveryRequest ?? false,
      random: Math.random,
    })
  }

  /**
   * Sends a request and resolves to its verified reply, whatever its code. Rejects with RadiusError: `timeout` (its
   * `values.ignored` says why replies were dropped, where some came), `network`, `no-free-identifier`, `closed`, or what the
   * encoder refused.
   */
  async send(code: number, attributes: readonly Attribute[]): Promise<Response> {
    if (this.#isClosed) throw new RadiusError('closed', 'the client is closed')
    this.#socket ??= this.#open()
    const socket = await this.#socket
    if (this.#isClosed) throw new RadiusError('closed', 'the client is closed')
    const exchange = this.#exchanges.start(code, attributes, performance.now())
    return new Promise((resolve, reject) => {
      this.#waiters.set(exchange, { resolve, reject })
      this.#transmit(socket, exchange)
      this.#schedule(socket)
    })
  }

  /** Ends the socket; what still waits is rejected with `closed`. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const { reject } of this.#waiters.values())
      reject(new RadiusError('closed', 'the client was closed'))
    this.#waiters.clear()
    const socket = await this.#socket?.catch(() => undefined)
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(() => resolve()))
  }

  async #open(): Promise<Socket> {
    const { host, port } = this.#options
    try {
      const { address, family } = await lookup(host)
      const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
      await connected(socket, port, address, this.#options.localAddress)
      socket.on('message', (datagram) => this.#receive(datagram))
      socket.on('error', (error) => {
        this.#networkError = error
      })
      return socket
    } catch (error) {
      this.#socket = undefined
      throw new RadiusError('network', `cannot reach ${host}`, { host, port }, error)
    }
  }

  #transmit(socket: Socket, exchange: Exchange): void {
    socket.send(exchange.datagram, (error) => {
      if (error !== null) this.#networkError = error
    })
  }

  #receive(datagram: Uint8Array): void {
    const received = this.#exchanges.receive(datagram)
    if (received.kind === 'ignored') return
    const { exchange, packet, hiding } = received
    const waiter = this.#waiters.get(exchange)
    this.#waiters.delete(exchange)
    if (this.#exchanges.size === 0) clearTimeout(this.#timer)
    waiter?.resolve({
      packet,
      hiding,
      datagram: exchange.datagram,
      attempts: exchange.attempts,
      elapsedMs: performance.now() - exchange.startedAt,
    })
  }

  #schedule(socket: Socket): void {
    clearTimeout(this.#timer)
    const at = this.#exchanges.nextDueAt
    if (at === undefined) return
    this.#timer = setTimeout(() => this.#tick(socket), Math.max(0, Math.ceil(at - performance.now())))
  }

  #tick(socket: Socket): void {
    for (const { kind, exchange } of this.#exchanges.due(performance.now())) {
      if (kind === 'send-again') this.#transmit(socket, exchange)
      else this.#giveUp(exchange)
    }
    this.#schedule(socket)
  }

  #giveUp(exchange: Exchange): void {
    const { host, port } = this.#options
    const values = { host, port, attempts: exchange.attempts }
    const ignored = exchange.ignored
    const waiter = this.#waiters.get(exchange)
    this.#waiters.delete(exchange)
    waiter?.reject(
      new RadiusError(
        'timeout',
        ignored === undefined
          ? `no answer from ${host}:${port} after ${exchange.attempts} attempts`
          : `answers from ${host}:${port} were dropped: ${ignored}`,
        ignored === undefined ? values : { ...values, ignored },
        this.#networkError,
      ),
    )
  }
}

async function connected(
  socket: Socket,
  port: number,
  address: string,
  localAddress: string | undefined,
): Promise<void> {
  try {
    if (localAddress !== undefined) {
      socket.bind(0, localAddress)
      await once(socket, 'listening')
    }
    socket.connect(port, address)
    await once(socket, 'connect')
  } catch (error) {
    socket.close()
    throw error
  }
}
