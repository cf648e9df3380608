/** One line a second for each reason: a flood of bad packets must not become a flood of log lines. */
export class LogLimit {
  readonly #interval: number
  /** Keys are reason codes, so their number is bounded. */
  readonly #last = new Map<string, number>()

  constructor(intervalMilliseconds = 1000) {
    this.#interval = intervalMilliseconds
  }

  /** `now`: monotonic milliseconds. */
  allows(key: string, now: number): boolean {
    const last = this.#last.get(key)
    if (last !== undefined && now - last < this.#interval) return false
    this.#last.set(key, now)
    return true
  }
}
