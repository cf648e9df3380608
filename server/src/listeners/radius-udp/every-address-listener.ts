import type { Logger } from '../../kernel/logging.ts'
import { type Interfaces, localAddresses } from './local-addresses.ts'

/** Beyond, a machine is a router or holds containers by the hundred: a socket for each costs more than it helps. */
const MOST_ADDRESSES = 256
const POLL_MILLISECONDS = 2000

interface Socket {
  close(): Promise<void>
}

export interface EveryAddressParts {
  /** `0.0.0.0` or `::`. */
  readonly wildcard: string
  readonly port: number
  /** Opens a socket that shares the port with the others. Rejects with the error of the system. */
  readonly open: (address: string) => Promise<Socket>
  readonly interfaces: () => Interfaces
  /** Absent where another worker tells the same. */
  readonly log?: Logger | undefined
}

/**
 * Listens on every address of the machine so that an answer leaves from the one that was asked: a socket for each, because
 * Node cannot choose the source of a datagram, and devices drop an answer from another address. Addresses that come and
 * go are followed.
 *
 * The wildcard stays open beneath. The kernel prefers the socket that is bound to the very address, so it gets the rest:
 * addresses not noticed yet, those of an interface without carrier, 127.0.0.2, broadcasts. And it keeps the port: no other
 * program can take an address that comes later.
 */
export class EveryAddressListener {
  readonly #parts: EveryAddressParts
  readonly #wildcard: Socket
  readonly #sockets = new Map<string, Socket>()
  /** How often in a row an address could not be bound. */
  readonly #failures = new Map<string, number>()
  #complaint: string | undefined
  #following: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #isStarted = false
  #isClosed = false

  private constructor(parts: EveryAddressParts, wildcard: Socket) {
    this.#parts = parts
    this.#wildcard = wildcard
  }

  /** Rejects where the wildcard cannot be opened; single addresses that cannot are tried again. */
  static async listen(parts: EveryAddressParts): Promise<EveryAddressListener> {
    const listener = new EveryAddressListener(parts, await parts.open(parts.wildcard))
    await listener.follow()
    listener.#isStarted = true
    listener.#timer = setInterval(() => void listener.follow(), POLL_MILLISECONDS).unref()
    return listener
  }

  /** Binds what came and closes what went. Never rejects. */
  follow(): Promise<void> {
    this.#following ??= this.#follow().finally(() => {
      this.#following = undefined
    })
    return this.#following
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    await this.#following
    const open = [this.#wildcard, ...this.#sockets.values()]
    this.#sockets.clear()
    await Promise.all(open.map((socket) => socket.close()))
  }

  async #follow(): Promise<void> {
    const present = this.#present()
    for (const address of this.#failures.keys()) {
      if (!present.has(address)) this.#failures.delete(address)
    }
    for (const [address, socket] of this.#sockets) {
      if (present.has(address)) continue
      this.#sockets.delete(address)
      await socket.close()
      if (this.#complaint === undefined)
        this.#tell(address, `UDP port ${this.#parts.port} is closed on ${address}: the address went.`)
    }
    for (const address of present) {
      if (this.#isClosed) return
      if (!this.#sockets.has(address)) await this.#bind(address)
    }
  }

  /** None where they are too many: then the wildcard alone answers. Where they cannot be told, those that are bound. */
  #present(): ReadonlySet<string> {
    const { interfaces, wildcard } = this.#parts
    try {
      const present = localAddresses(interfaces(), wildcard)
      if (present.size <= MOST_ADDRESSES) {
        this.#complaint = undefined
        return present
      }
      this.#complain(`This machine has ${present.size} addresses, more than ${MOST_ADDRESSES}`)
    } catch (error) {
      // A sandbox without netlink.
      this.#complain('The addresses of this machine cannot be listed', error)
      return new Set(this.#sockets.keys())
    }
    return new Set()
  }

  #tell(address: string, what: string): void {
    const { log, port } = this.#parts
    if (this.#isStarted) log?.info({ address, port }, what)
  }

  /** Once, until it is over. */
  #complain(what: string, error?: unknown): void {
    if (this.#complaint !== undefined) return
    this.#complaint = what
    const { log, wildcard, port } = this.#parts
    log?.warn(
      { err: error, address: wildcard, port },
      `${what}: the system chooses which one an answer from UDP port ${port} on ${wildcard} leaves from, and devices drop it from another than they asked. Name the addresses with --bind.`,
    )
  }

  async #bind(address: string): Promise<void> {
    const { open, log, port } = this.#parts
    try {
      this.#sockets.set(address, await open(address))
      this.#failures.delete(address)
      this.#tell(address, `UDP port ${port} is open on ${address} too.`)
    } catch (error) {
      const failures = (this.#failures.get(address) ?? 0) + 1
      this.#failures.set(address, failures)
      // Not at the first time: an IPv6 address that came just now is tentative for a second (RFC 4862 section 5.4).
      if (failures !== 2) return
      log?.warn(
        { err: error, address, port },
        `UDP port ${port} on ${address} cannot be opened; trying again. Until then its answers may leave from another address.`,
      )
    }
  }
}
