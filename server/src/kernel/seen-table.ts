/** Somebody who was noticed. Milliseconds since the epoch. */
export interface Seen {
  count: number
  readonly firstSeenAt: number
  lastSeenAt: number
}

/** Who comes back this long after he was first seen is no passing flood. */
const BACK_AFTER_MILLISECONDS = 10_000
/** Newcomers let in a second once the table is full: a flood then needs minutes to push a newcomer out, not moments. */
const NEWCOMERS_A_SECOND = 10

/**
 * Strangers by key, bounded, for an administrator to look through. Two shelves of the same size: newcomers, and those who
 * came back after a while. A flood of made-up keys fills the first one and cannot touch the second; on each the one silent
 * for longest goes first.
 */
export class SeenTable<T extends Seen> {
  readonly #most: number
  readonly #newcomers = new Map<string, T>()
  readonly #returned = new Map<string, T>()
  #second = 0
  #letIn = 0
  /** Notices of strangers there was no room to remember. */
  overlooked = 0

  /** @param most of each shelf */
  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#newcomers.size + this.#returned.size
  }

  /** Undefined where there is no room for a newcomer. `make` is called for one: count 0, both times `now`. */
  note(key: string, now: number, make: () => T): T | undefined {
    const known = this.#take(key) ?? this.#newcomer(now, make)
    if (known === undefined) {
      this.overlooked++
      return undefined
    }
    known.count++
    known.lastSeenAt = now
    const shelf = now - known.firstSeenAt >= BACK_AFTER_MILLISECONDS ? this.#returned : this.#newcomers
    if (shelf.size >= this.#most) for (const oldest of shelf.keys()) if (shelf.delete(oldest)) break
    shelf.set(key, known)
    return known
  }

  forget(key: string): void {
    this.#take(key)
  }

  entries(): [string, T][] {
    return [...this.#returned, ...this.#newcomers]
  }

  #take(key: string): T | undefined {
    for (const shelf of [this.#returned, this.#newcomers]) {
      const known = shelf.get(key)
      if (known !== undefined && shelf.delete(key)) return known
    }
    return undefined
  }

  #newcomer(now: number, make: () => T): T | undefined {
    if (this.#newcomers.size < this.#most) return make()
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#letIn = 0
    }
    return this.#letIn++ < NEWCOMERS_A_SECOND ? make() : undefined
  }
}
