import type { Clock } from '../kernel/clock.ts'

/** Tries without delay; the next ones wait 1, 2, 4 ... seconds, at most 15 minutes. */
const FREE_TRIES = 3
const LONGEST_DELAY_MS = 15 * 60_000
const FORGET_AFTER_MS = 60 * 60_000
/** A stranger can make up names and, with IPv6, addresses: the oldest entries make room. */
const MOST_ENTRIES = 10_000

interface Entry {
  failures: number
  last: number
}

/**
 * Slows down guessing of one account from one address. An account as such is never locked: a stranger must not be
 * able to lock the administrator out.
 */
export class LoginThrottle {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds until the next try is looked at; 0 = now. */
  delay(account: string, address: string): number {
    const entry = this.#entries.get(keyOf(account, address))
    if (entry === undefined || entry.failures < FREE_TRIES) return 0
    const wait = Math.min(LONGEST_DELAY_MS, 1000 * 2 ** (entry.failures - FREE_TRIES))
    return Math.max(0, entry.last + wait - this.#clock.monotonic())
  }

  /**
   * Counts a try before it is checked, so that a hundred tries sent at once do not all pass while the first is still
   * being hashed; `succeeded` takes it back.
   */
  tried(account: string, address: string): void {
    const key = keyOf(account, address)
    const now = this.#clock.monotonic()
    const before = this.#entries.get(key)
    const failures = before === undefined || before.last + FORGET_AFTER_MS < now ? 0 : before.failures
    this.#entries.delete(key)
    this.#entries.set(key, { failures: failures + 1, last: now })
    if (this.#entries.size > MOST_ENTRIES) {
      const oldest = this.#entries.keys().next()
      if (!oldest.done) this.#entries.delete(oldest.value)
    }
  }

  succeeded(account: string, address: string): void {
    this.#entries.delete(keyOf(account, address))
  }
}

function keyOf(account: string, address: string): string {
  return `${account}\n${address}`
}
