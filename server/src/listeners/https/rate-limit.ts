import type { Clock } from '../../kernel/clock.ts'

const WINDOW_MS = 60_000
const MOST_ADDRESSES = 10_000

/** At most so many calls a minute from one address, whatever account they name. Bounded: the oldest make room. */
export class RateLimit {
  readonly #clock: Clock
  readonly #perMinute: number
  readonly #windows = new Map<string, { start: number; count: number }>()

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock
    this.#perMinute = perMinute
  }

  /** Counts a call; seconds to wait where there were too many, else 0. */
  take(address: string): number {
    const now = this.#clock.monotonic()
    const window = this.#windows.get(address)
    if (window !== undefined && now - window.start < WINDOW_MS) {
      window.count++
      if (window.count <= this.#perMinute) return 0
      return Math.ceil((window.start + WINDOW_MS - now) / 1000)
    }
    this.#windows.delete(address)
    this.#windows.set(address, { start: now, count: 1 })
    if (this.#windows.size > MOST_ADDRESSES) {
      const oldest = this.#windows.keys().next()
      if (!oldest.done) this.#windows.delete(oldest.value)
    }
    return 0
  }
}
