/** How often a host may fail in a row, and how long it is left alone then. */
const FAILURES = 3
const PAUSE_MILLISECONDS = 30_000
const MOST_HOSTS = 1024

/**
 * A circuit breaker for each host: one that does not answer costs a login its deadline a few times, then nothing. After
 * the pause one question tries again.
 */
export class Breakers {
  readonly #now: () => number
  readonly #failing = new Map<string, { failures: number; until: number }>()

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  /** False while the host is left alone. Whoever is told true must say how it went. */
  allows(host: string): boolean {
    const state = this.#failing.get(host)
    if (state === undefined || state.failures < FAILURES) return true
    if (this.#now() < state.until) return false
    // One probe: the others wait for its outcome.
    state.until = this.#now() + PAUSE_MILLISECONDS
    return true
  }

  succeeded(host: string): void {
    this.#failing.delete(host)
  }

  failed(host: string): void {
    const failures = (this.#failing.get(host)?.failures ?? 0) + 1
    this.#failing.delete(host)
    const oldest = this.#failing.keys().next()
    if (this.#failing.size >= MOST_HOSTS && !oldest.done) this.#failing.delete(oldest.value)
    this.#failing.set(host, { failures, until: this.#now() + PAUSE_MILLISECONDS })
  }

  isOpen(host: string): boolean {
    return (this.#failing.get(host)?.failures ?? 0) >= FAILURES
  }
}
