import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** Where a datagram came from, and so where its answer goes. */
export interface Source {
  readonly address: string
  readonly port: number
}

/** Takes a datagram; `reply` may be called once, now or later. The octets belong to the receiver. */
export type DatagramHandler = (
  octets: Uint8Array,
  source: Source,
  reply: (octets: Uint8Array) => void,
) => void

/** Kernel buffers: a burst of logins waits here instead of being lost while one of them is worked on. */
const SOCKET_BUFFER = 4 * 1024 * 1024

/** One UDP socket. It decodes nothing: datagrams in, datagrams out. */
export class UdpListener {
  readonly #socket: Socket
  readonly #sendFailed: (error: Error, source: Source) => void
  #isClosed = false

  private constructor(socket: Socket, sendFailed: (error: Error, source: Source) => void) {
    this.#socket = socket
    this.#sendFailed = sendFailed
  }

  /** Binds and listens. Rejects with the error of the system (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
  static async listen(options: {
    readonly address: string
    readonly port: number
    /** Several workers share the port; the kernel spreads clients over them. */
    readonly reusePort?: boolean
    readonly handler: DatagramHandler
    readonly sendFailed: (error: Error, source: Source) => void
  }): Promise<UdpListener> {
    const { address, port, handler } = options
    const family = isIPv6(address) ? 6 : 4
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      // `::` beside `0.0.0.0` on one port; and no IPv4 source ever looks like ::ffff:192.0.2.1.
      ipv6Only: family === 6,
      reusePort: options.reusePort ?? false,
      recvBufferSize: SOCKET_BUFFER,
      sendBufferSize: SOCKET_BUFFER,
      // Answers go to addresses, never to names: skip the resolver, which costs a turn of the event loop.
      lookup: (name, _options, callback) => callback(null, name, family),
    })
    const listener = new UdpListener(socket, options.sendFailed)
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => socket.close(() => reject(error)))
      socket.bind({ address, port, exclusive: true }, () => {
        socket.removeAllListeners('error')
        resolve()
      })
    })
    // ICMP errors surface here; one unreachable client must not end the listener.
    socket.on('error', (error) => options.sendFailed(error, { address, port }))
    socket.on('message', (octets: Buffer, remote: RemoteInfo) => {
      handler(octets, remote, (reply) => listener.#send(reply, remote))
    })
    return listener
  }

  /** Rejects as `listen` does where somebody has the port, or shares it. */
  static async probe(address: string, port: number): Promise<void> {
    const ignore = (): void => {}
    const probe = await UdpListener.listen({ address, port, handler: ignore, sendFailed: ignore })
    await probe.close()
  }

  /** The port in use: the one asked for, or the one the system chose for port 0. */
  get port(): number {
    return this.#socket.address().port
  }

  close(): Promise<void> {
    this.#isClosed = true
    return new Promise((resolve) => this.#socket.close(() => resolve()))
  }

  #send(octets: Uint8Array, source: Source): void {
    // Its address went while the request was worked on: an answer from another one would be dropped.
    if (this.#isClosed) return
    this.#socket.send(octets, source.port, source.address, (error) => {
      if (error !== null) this.#sendFailed(error, source)
    })
  }
}
