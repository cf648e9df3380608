import type { PcapDatagram, PcapEnd } from '../../kernel/pcap.ts'
import type { DatagramHandler, Source } from './udp-listener.ts'

/** What is to be captured, and when that ends by itself. */
export interface CaptureOrder {
  /** Name of a RADIUS client, or the address of a stranger. */
  readonly client: string
  /** Datagrams, both ways together. */
  readonly packets: number
  /** Milliseconds since the epoch. */
  readonly until: number
}

export interface Captured {
  readonly datagrams: readonly PcapDatagram[]
  /** Nothing more will come. */
  readonly isOver: boolean
}

interface Running extends CaptureOrder {
  taken: number
  waiting: PcapDatagram[]
}

/**
 * Copies the datagrams of one RADIUS client, received and sent, those that are dropped too. Nothing is kept and nothing is
 * looked up unless a capture runs; one that does holds no more than it was ordered to.
 */
export class Capture {
  readonly #clientOf: (address: string) => string | undefined
  readonly #now: () => number
  #running: Running | undefined

  /** `now`: milliseconds since the epoch, with a fraction. */
  constructor(clientOf: (address: string) => string | undefined, now: () => number) {
    this.#clientOf = clientOf
    this.#now = now
  }

  start(order: CaptureOrder): void {
    this.#running = { ...order, taken: 0, waiting: [] }
  }

  /** What came since the last call. */
  take(): Captured {
    const running = this.#running
    if (running === undefined) return { datagrams: [], isOver: true }
    const datagrams = running.waiting
    running.waiting = []
    const isOver = running.taken >= running.packets || this.#now() > running.until
    if (isOver) this.stop()
    return { datagrams, isOver }
  }

  stop(): void {
    this.#running = undefined
  }

  /** A handler that sees what `handler` sees. `local`: where the socket is bound. */
  watch(handler: DatagramHandler, local: PcapEnd): DatagramHandler {
    return (octets, source, reply) => {
      const running = this.#running
      if (running === undefined || !this.#isOf(running, source)) {
        handler(octets, source, reply)
        return
      }
      const here = { address: nearAddress(local.address, source.address), port: local.port }
      const there = { address: source.address, port: source.port }
      this.#keep(running, there, here, octets)
      handler(octets, source, (answer) => {
        this.#keep(running, here, there, answer)
        reply(answer)
      })
    }
  }

  #isOf({ client }: Running, { address }: Source): boolean {
    return (this.#clientOf(address) ?? address) === client || address === client
  }

  /** A copy: what arrived is a view into a buffer that belongs to the receiver. */
  #keep(running: Running, from: PcapEnd, to: PcapEnd, octets: Uint8Array): void {
    const at = this.#now()
    if (running.taken >= running.packets || at > running.until) return
    running.taken++
    running.waiting.push({ at, from, to, octets: octets.slice() })
  }
}

/** The wildcard does not tell which address was asked; for this machine itself it is the loopback. */
function nearAddress(bound: string, remote: string): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound
  return remote.startsWith('127.') ? '127.0.0.1' : remote === '::1' ? remote : bound
}
