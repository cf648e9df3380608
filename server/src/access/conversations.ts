import { randomFillSync } from 'node:crypto'

/** One multi-round login: everything between the first Access-Request and the final answer. */
export interface Conversation {
  readonly state: Uint8Array
  readonly client: string
  /** Monotonic milliseconds. */
  readonly startedAt: number
  close(): void
}

const STATE_LENGTH = 18
/** A half-open TLS handshake holds some 170 KiB: this many hold about 250 MiB. */
const MOST_CONVERSATIONS = 1536

/**
 * The conversations of one worker, found by the State attribute. State is made here: two octets name node and worker
 * (so that a datagram can be handed to the one who knows), sixteen are random. It is bound to the RADIUS client it was
 * given to and dies with the final answer.
 */
export class Conversations<T extends Conversation> {
  readonly #node: number
  readonly #worker: number
  readonly #capacity: number
  /** How long a login may take; a change holds for those under way too. */
  lifetimeMilliseconds: number
  /** The longest silent first. */
  readonly #byState = new Map<string, T>()
  /** Random octets are drawn in blocks: one call to the generator serves many conversations. */
  readonly #pool = new Uint8Array(4096)
  #drawn = this.#pool.length

  constructor(options: { node: number; worker: number; capacity?: number; lifetimeMilliseconds?: number }) {
    this.#node = options.node
    this.#worker = options.worker
    this.#capacity = options.capacity ?? MOST_CONVERSATIONS
    this.lifetimeMilliseconds = options.lifetimeMilliseconds ?? 60_000
  }

  get size(): number {
    return this.#byState.size
  }

  newState(): Uint8Array {
    if (this.#drawn + 16 > this.#pool.length) {
      randomFillSync(this.#pool)
      this.#drawn = 0
    }
    const state = new Uint8Array(STATE_LENGTH)
    state[0] = this.#node
    state[1] = this.#worker
    state.set(this.#pool.subarray(this.#drawn, this.#drawn + 16), 2)
    this.#pool.fill(0, this.#drawn, this.#drawn + 16)
    this.#drawn += 16
    return state
  }

  /** The longest silent first. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#byState.values()
  }

  /**
   * Adds a conversation. A full table gives up the one that was longest silent, and returns it: half-open conversations of
   * a flood fall silent at once, those of people go on.
   */
  add(conversation: T): T | undefined {
    const givenUp = this.#byState.size >= this.#capacity ? this.#byState.values().next().value : undefined
    if (givenUp !== undefined) this.remove(givenUp)
    this.#byState.set(keyOf(conversation.state), conversation)
    return givenUp
  }

  /** The conversation this State names, only for the client it belongs to and only while it lives. */
  find(state: Uint8Array, client: string, now: number): T | undefined {
    if (state.length !== STATE_LENGTH) return undefined
    const conversation = this.#byState.get(keyOf(state))
    if (conversation === undefined || conversation.client !== client) return undefined
    // It is left to `expire`, whose caller writes down how it ended.
    if (now - conversation.startedAt > this.lifetimeMilliseconds) return undefined
    this.#byState.delete(keyOf(state))
    this.#byState.set(keyOf(state), conversation)
    return conversation
  }

  remove(conversation: T): void {
    if (this.#byState.delete(keyOf(conversation.state))) conversation.close()
  }

  /** The conversation a State of ours names, whoever shows it. */
  get(state: Uint8Array): T | undefined {
    return this.#byState.get(keyOf(state))
  }

  /** Ends what is too old. Returns those it ended. */
  expire(now: number): T[] {
    const expired = [...this.#byState.values()].filter(
      ({ startedAt }) => now - startedAt > this.lifetimeMilliseconds,
    )
    for (const conversation of expired) this.remove(conversation)
    return expired
  }

  close(): void {
    for (const conversation of [...this.#byState.values()]) this.remove(conversation)
  }
}

function keyOf(state: Uint8Array): string {
  return Buffer.from(state.buffer, state.byteOffset, state.byteLength).toString('latin1')
}
