import type { DirectoryState } from './directory.ts'
import type { Lost } from './lost.ts'

export type BreakerState = DirectoryState['servers'][number]['breaker']

/** Waits before one probe after another. With the time a probe may take, a server that is well is used within 5 s. */
const WAITS = [250, 500, 1000, 2000, 2500] as const
/** Well for so long, it begins from the shortest wait. */
const STEADY = 10_000
/** A refused service account is not tried quickly: each try counts towards its lock-out. */
const ACCOUNT_WAIT = 60_000

/**
 * Keeps logins away from a server that is not well. It opens at a failure; then a probe in the background, and no login,
 * finds out whether the server is well again.
 */
export class Breaker {
  readonly #probe: () => Promise<Lost | undefined>
  #state: BreakerState = 'closed'
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #closedAt = Number.NEGATIVE_INFINITY
  lastError: Lost | undefined

  /** @param probe undefined: the server is well */
  constructor(probe: () => Promise<Lost | undefined>) {
    this.#probe = probe
  }

  get state(): BreakerState {
    return this.#state
  }

  open(why: Lost): void {
    this.lastError = why
    if (this.#state !== 'closed' || this.#isClosed) return
    // One that answers probes and nothing else would cost a login its time again and again.
    if (performance.now() - this.#closedAt > STEADY) this.#failures = 0
    this.#wait(why)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #wait(why: Lost): void {
    this.#state = 'open'
    const wait = WAITS[Math.min(this.#failures, WAITS.length - 1)] as number
    this.#failures++
    this.#timer = setTimeout(() => void this.#try(), why.cause === 'service-account' ? ACCOUNT_WAIT : wait)
    this.#timer.unref()
  }

  async #try(): Promise<void> {
    this.#state = 'half-open'
    const why = await this.#probe()
    if (this.#isClosed) return
    if (why === undefined) {
      this.#state = 'closed'
      this.#closedAt = performance.now()
      this.lastError = undefined
    } else {
      this.lastError = why
      this.#wait(why)
    }
  }
}
