/** A request whose answer is being worked out; nobody may work it out twice. */
export const RUNNING = Symbol('running')

/**
 * Answers kept for retransmissions (RFC 5080 section 2.2.2): a request that comes again gets the same octets again, and
 * one that is still being worked on is ignored.
 *
 * Two generations of a plain Map: what was not asked for again within one to two lifetimes is forgotten by dropping a
 * whole generation, which costs nothing per entry. A full generation is retired early, so memory stays bounded however
 * many distinct requests arrive; duplicates are then recognised for a shorter while.
 */
export class ReplyCache {
  readonly #capacity: number
  readonly #lifetime: number
  #young = new Map<string, Uint8Array | typeof RUNNING>()
  #old = new Map<string, Uint8Array | typeof RUNNING>()
  #bornAt = Number.NEGATIVE_INFINITY

  constructor(options: { capacity?: number; lifetimeMilliseconds?: number } = {}) {
    this.#capacity = Math.max(1, Math.floor((options.capacity ?? 131_072) / 2))
    this.#lifetime = options.lifetimeMilliseconds ?? 6000
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  /** The kept answer, RUNNING, or undefined for a request not seen before. */
  find(key: string): Uint8Array | typeof RUNNING | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  begin(key: string, now: number): void {
    if (this.#young.size >= this.#capacity || now - this.#bornAt >= this.#lifetime) {
      this.#old = this.#young
      this.#young = new Map()
      this.#bornAt = now
    }
    this.#young.set(key, RUNNING)
  }

  finish(key: string, reply: Uint8Array): void {
    this.#generationOf(key)?.set(key, reply)
  }

  /** The request gets no answer: if it comes again it is a new one. */
  forget(key: string): void {
    this.#generationOf(key)?.delete(key)
  }

  #generationOf(key: string): Map<string, Uint8Array | typeof RUNNING> | undefined {
    if (this.#young.has(key)) return this.#young
    return this.#old.has(key) ? this.#old : undefined
  }
}
