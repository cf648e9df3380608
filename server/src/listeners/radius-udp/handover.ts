import type { MessagePort } from 'node:worker_threads'
import { PacketCode, type PacketView } from '@sallyport/radius'
import { State } from '@sallyport/radius/attributes'
import type { Metrics } from '../../kernel/metrics.ts'
import type { DatagramHandler, Source } from './udp-listener.ts'

/** Datagrams that may wait for the answer of another worker; beyond, the longest waiting is given up. */
const MOST_WAITING = 8192
/** As access/conversations.ts makes it. */
const STATE_LENGTH = 18

type Message =
  | readonly [kind: 'datagram', id: number, octets: Uint8Array, source: Source]
  | readonly [kind: 'answer', id: number, octets: Uint8Array]

/**
 * Several workers share each port, and the kernel gives a datagram to one of them by its addresses and ports. A RADIUS
 * client that goes on with a conversation from another port so reaches a worker that knows nothing of it: State names the
 * one that does, and the datagram is handed to it. The answer comes back the same way.
 */
export class Handover {
  readonly #node: number
  readonly #worker: number
  readonly #peers: ReadonlyMap<number, MessagePort>
  readonly #waiting = new Map<number, (octets: Uint8Array) => void>()
  #lastId = 0
  #handedOver = 0

  /** `peers`: by number of worker. `receive`: takes what is handed to us. */
  constructor(parts: {
    readonly node: number
    readonly worker: number
    readonly peers: ReadonlyMap<number, MessagePort>
    readonly receive: DatagramHandler
    readonly metrics: Metrics
  }) {
    this.#node = parts.node
    this.#worker = parts.worker
    this.#peers = parts.peers
    const help = 'Datagrams handed to the worker whose conversation they belong to'
    parts.metrics.gauge('radius_handed_over', help, () => this.#handedOver)
    for (const port of this.#peers.values()) {
      port.on('message', (message: Message) => {
        const [kind, id, octets] = message
        if (kind === 'answer') this.#answered(id, octets)
        else parts.receive(octets, message[3], (answer) => this.#send(port, ['answer', id, answer]))
      })
    }
  }

  /** True where the packet belongs to a conversation of another worker and is on its way there. */
  pass(packet: PacketView, source: Source, reply: (octets: Uint8Array) => void): boolean {
    // Only logins have conversations: elsewhere a State means nothing, whatever it says.
    if (this.#peers.size === 0 || packet.code !== PacketCode.AccessRequest) return false
    const state = packet.get(State)
    if (state?.length !== STATE_LENGTH || state[0] !== this.#node || state[1] === this.#worker) return false
    const port = this.#peers.get(state[1] as number)
    if (port === undefined) return false
    if (this.#waiting.size >= MOST_WAITING) {
      const [longest] = this.#waiting.keys()
      if (longest !== undefined) this.#waiting.delete(longest)
    }
    const id = ++this.#lastId
    this.#waiting.set(id, reply)
    this.#handedOver++
    this.#send(port, ['datagram', id, packet.octets.slice(), { address: source.address, port: source.port }])
    return true
  }

  close(): void {
    for (const port of this.#peers.values()) port.close()
  }

  #answered(id: number, octets: Uint8Array): void {
    const reply = this.#waiting.get(id)
    this.#waiting.delete(id)
    reply?.(octets)
  }

  #send(port: MessagePort, message: Message): void {
    port.postMessage(message)
  }
}
