/** Waits before one probe after another: winbind that is well again is used within seconds. */
const WAITS = [250, 500, 1000] as const
/** One answer that stays away may be the network's; this many in a row are winbind's. */
const FAILURES = 3

/**
 * Keeps logins away from winbind while it answers nobody: after several failures in a row a probe in the background, and
 * no login, finds out whether it does again.
 */
export class Breaker {
  readonly #probe: () => Promise<boolean>
  readonly #opened: () => void
  #failures = 0
  #probes = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  state: 'closed' | 'open' | 'half-open' = 'closed'

  /** @param probe whether winbind is well */
  constructor(probe: () => Promise<boolean>, opened: () => void) {
    this.#probe = probe
    this.#opened = opened
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(): void {
    if (this.state !== 'closed' || this.#isClosed || ++this.#failures < FAILURES) return
    this.#probes = 0
    this.#wait()
    this.#opened()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #wait(): void {
    this.state = 'open'
    const wait = WAITS[Math.min(this.#probes++, WAITS.length - 1)] as number // WAITS is not empty
    this.#timer = setTimeout(() => void this.#try(), wait)
    this.#timer.unref()
  }

  async #try(): Promise<void> {
    this.state = 'half-open'
    const isWell = await this.#probe()
    if (this.#isClosed) return
    if (!isWell) return this.#wait()
    this.#failures = 0
    this.state = 'closed'
  }
}
