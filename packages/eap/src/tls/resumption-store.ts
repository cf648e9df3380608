import type { InnerMethodName } from '../result.ts'

/** What is known of a conversation that ended in Access-Accept, so that a resumed one can be decided again. */
export interface RememberedConversation {
  readonly identity: string
  readonly inner?: InnerMethodName
  /** What the verifier handed over with its yes. */
  readonly proof: unknown
  /** The peer's whole chain, leaf first, DER: a resumed TLS session has the leaf at most. */
  readonly peerChain: readonly Uint8Array[]
  /** The TLS session itself, where this side has to keep it. */
  readonly session?: Uint8Array
}

export interface ResumptionStoreOptions {
  /** Conversations kept; the least recently used one makes room. Default 50,000. */
  readonly capacity?: number
  /** How long after the full login a session may be resumed. Default 8 hours. */
  readonly lifetimeSeconds?: number
  /** Milliseconds of any steady clock. */
  readonly now: () => number
}

/** How long a peer gets full handshakes after a session of its was refused, and how many peers are remembered so. */
const FULL_HANDSHAKE_MILLISECONDS = 600_000
const MOST_FULL_HANDSHAKES = 10_000

interface Entry {
  readonly conversation: RememberedConversation
  readonly until: number
}

/**
 * Conversations that may be resumed. Nothing is in here before its owner said Access-Accept: a conversation that was
 * begun, refused or abandoned leaves no trace.
 */
export class ResumptionStore {
  readonly lifetimeSeconds: number
  readonly #capacity: number
  readonly #now: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #fullHandshakes = new Map<string, number>()

  constructor(options: ResumptionStoreOptions) {
    this.#capacity = options.capacity ?? 50_000
    this.lifetimeSeconds = options.lifetimeSeconds ?? 8 * 3600
    this.#now = options.now
  }

  get size(): number {
    return this.#entries.size
  }

  find(key: string): RememberedConversation | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.until <= this.#now()) return undefined
    this.#entries.set(key, entry)
    return entry.conversation
  }

  /** When the entry under `key` ends; a resumed conversation keeps the end of the login it rests on. */
  until(key: string): number | undefined {
    return this.#entries.get(key)?.until
  }

  /** Keeps a conversation that ended in Access-Accept. `until`: not longer than this. */
  keep(key: string, conversation: RememberedConversation, until = Number.POSITIVE_INFINITY): void {
    this.#entries.delete(key)
    const oldest = this.#entries.keys().next()
    if (this.#entries.size >= this.#capacity && !oldest.done) this.#entries.delete(oldest.value)
    this.#entries.set(key, {
      conversation,
      until: Math.min(until, this.#now() + this.lifetimeSeconds * 1000),
    })
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  /**
   * A peer that calls itself `identity` offered a session that may not be resumed, and would do so again: for a while it
   * gets full handshakes instead of refusals.
   */
  demandFullHandshake(identity: string): void {
    this.#fullHandshakes.delete(identity)
    const oldest = this.#fullHandshakes.keys().next()
    if (this.#fullHandshakes.size >= MOST_FULL_HANDSHAKES && !oldest.done) {
      this.#fullHandshakes.delete(oldest.value)
    }
    this.#fullHandshakes.set(identity, this.#now() + FULL_HANDSHAKE_MILLISECONDS)
  }

  needsFullHandshake(identity: string): boolean {
    const until = this.#fullHandshakes.get(identity)
    if (until === undefined) return false
    if (until > this.#now()) return true
    this.#fullHandshakes.delete(identity)
    return false
  }
}
