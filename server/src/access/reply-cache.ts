import type { PacketView } from '@sallyport/radius'
import type { RequestSource } from './access-request.ts'

/** A request whose answer is being worked out; nobody may work it out twice. */
export const RUNNING = Symbol('running')

/** Names one request among those that are being worked on; void once the request was forgotten. */
export type Ticket = number

const EMPTY = 0
const WORKING = 1
const ANSWERED = 2

/** Code, identifier, length and authenticator: with the source all that makes a request itself. */
const HEADER = 20
/** Neighbouring slots that are looked at before one of them has to give way. */
const PROBES = 8
/** Distinct source addresses that are told apart; beyond, the numbering begins anew and old entries are forgotten. */
const MOST_ADDRESSES = 65_536

/**
 * Answers kept for retransmissions (RFC 5080 section 2.2.2): a request that comes again gets the same octets again, and
 * one that is still being worked on is ignored. Same means: same source address and port, code, identifier, length and
 * authenticator, all compared whole.
 *
 * Everything lies in arrays made once: a login leaves nothing for the garbage collector, and memory is the same after a
 * flood as before. When room runs out, the oldest neighbour gives way, or the oldest answers in the ring are overwritten;
 * duplicates are then recognised for a shorter while.
 */
export class ReplyCache {
  readonly #mask: number
  readonly #lifetime: number
  readonly #states: Uint8Array
  readonly #headers: Uint8Array
  readonly #addresses: Int32Array
  readonly #ports: Uint16Array
  readonly #bornAt: Float64Array
  /** Distinguishes the requests that used one slot after another. */
  readonly #generations: Uint32Array
  readonly #lengths: Uint16Array
  /** Where the answer begins, counted in octets ever written to the ring. */
  readonly #positions: Float64Array
  readonly #ring: Uint8Array
  #written = 0
  #addressNumbers = new Map<string, number>()
  #slot = -1

  /** `capacity`: requests kept, rounded up to a power of two. `ringOctets`: room for their answers. */
  constructor(options: { capacity?: number; lifetimeMilliseconds?: number; ringOctets?: number } = {}) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(options.capacity ?? 131_072, PROBES)))
    this.#mask = capacity - 1
    this.#lifetime = options.lifetimeMilliseconds ?? 10_000
    this.#states = new Uint8Array(capacity)
    this.#headers = new Uint8Array(capacity * HEADER)
    this.#addresses = new Int32Array(capacity)
    this.#ports = new Uint16Array(capacity)
    this.#bornAt = new Float64Array(capacity)
    this.#generations = new Uint32Array(capacity)
    this.#lengths = new Uint16Array(capacity)
    this.#positions = new Float64Array(capacity)
    this.#ring = new Uint8Array(Math.max(options.ringOctets ?? 32 * 1024 * 1024, 4096))
  }

  /** The kept answer, RUNNING, or undefined for a request not seen before. `now`: monotonic milliseconds. */
  find(source: RequestSource, packet: PacketView, now: number): Uint8Array | typeof RUNNING | undefined {
    if (!this.#locate(source, packet, now)) return undefined
    const slot = this.#slot
    if (this.#states[slot] === WORKING) return RUNNING
    return this.#answerIn(slot)
  }

  /** Notes that the request is being worked on; to be called right after `find` knew nothing of it. */
  begin(source: RequestSource, packet: PacketView, now: number): Ticket {
    const slot = this.#free(hashOf(packet.octets, source.port), now)
    this.#states[slot] = WORKING
    this.#headers.set(packet.octets.subarray(0, HEADER), slot * HEADER)
    this.#addresses[slot] = this.#addressNumber(source.address)
    this.#ports[slot] = source.port
    this.#bornAt[slot] = now
    const generation = ((this.#generations[slot] as number) + 1) >>> 0
    this.#generations[slot] = generation
    return generation * (this.#mask + 1) + slot
  }

  finish(ticket: Ticket, reply: Uint8Array): void {
    const slot = this.#slotOf(ticket)
    if (slot === undefined) return
    const size = this.#ring.length
    // An answer lies in one piece: what is left before the end of the ring is skipped.
    const left = size - (this.#written % size)
    if (reply.length > left) this.#written += left
    this.#ring.set(reply, this.#written % size)
    this.#positions[slot] = this.#written
    this.#lengths[slot] = reply.length
    this.#written += reply.length
    this.#states[slot] = ANSWERED
  }

  /** The request gets no answer: if it comes again it is a new one. */
  forget(ticket: Ticket): void {
    const slot = this.#slotOf(ticket)
    if (slot !== undefined) this.#states[slot] = EMPTY
  }

  /** Sets #slot and returns true where the request is known. */
  #locate(source: RequestSource, packet: PacketView, now: number): boolean {
    const { octets } = packet
    const address = this.#addressNumbers.get(source.address)
    if (address === undefined) return false
    const start = hashOf(octets, source.port)
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (start + probe) & this.#mask
      if (this.#states[slot] === EMPTY || this.#ports[slot] !== source.port) continue
      if (this.#addresses[slot] !== address || now - (this.#bornAt[slot] as number) > this.#lifetime) continue
      if (!this.#hasHeader(slot, octets)) continue
      this.#slot = slot
      return true
    }
    return false
  }

  #hasHeader(slot: number, octets: Uint8Array): boolean {
    const at = slot * HEADER
    for (let i = 0; i < HEADER; i++) if (this.#headers[at + i] !== octets[i]) return false
    return true
  }

  /** A copy, or undefined where newer answers have taken its place in the ring. */
  #answerIn(slot: number): Uint8Array | undefined {
    const position = this.#positions[slot] as number
    if (this.#written - position > this.#ring.length) {
      this.#states[slot] = EMPTY
      return undefined
    }
    const at = position % this.#ring.length
    return this.#ring.slice(at, at + (this.#lengths[slot] as number))
  }

  /** A slot near `start`: an empty one, one whose time is over, else the oldest. */
  #free(start: number, now: number): number {
    let oldest = start & this.#mask
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (start + probe) & this.#mask
      if (this.#states[slot] === EMPTY || now - (this.#bornAt[slot] as number) > this.#lifetime) return slot
      if ((this.#bornAt[slot] as number) < (this.#bornAt[oldest] as number)) oldest = slot
    }
    return oldest
  }

  #slotOf(ticket: Ticket): number | undefined {
    const slot = ticket % (this.#mask + 1)
    const isSame = this.#generations[slot] === Math.floor(ticket / (this.#mask + 1))
    return isSame && this.#states[slot] === WORKING ? slot : undefined
  }

  #addressNumber(address: string): number {
    const known = this.#addressNumbers.get(address)
    if (known !== undefined) return known
    if (this.#addressNumbers.size >= MOST_ADDRESSES) {
      this.#addressNumbers = new Map()
      // What is being worked on is finished without being kept.
      this.#states.fill(EMPTY)
    }
    const number = this.#addressNumbers.size
    this.#addressNumbers.set(address, number)
    return number
  }
}

/** Authenticators are random (RFC 2865 section 3) or digests: any part of one is a hash already. */
function hashOf(octets: Uint8Array, port: number): number {
  const word =
    ((octets[4] as number) << 24) |
    ((octets[9] as number) << 16) |
    ((octets[14] as number) << 8) |
    (octets[19] as number)
  return (word ^ (port * 0x9e37_79b1)) >>> 0
}
