const SECOND = 1000

/**
 * How much of each second the main thread works for whoever asks. What strangers may ask for without proving anything, and
 * costs a signature or a decryption, must leave time for everything else this thread does; counted in time, because an
 * RSA key takes a hundred times as long as an elliptic curve.
 */
export class WorkShare {
  readonly #monotonic: () => number
  readonly #milliseconds: number
  #second = Number.NEGATIVE_INFINITY
  #spent = 0

  /** @param monotonic milliseconds @param milliseconds of each second */
  constructor(monotonic: () => number, milliseconds: number) {
    this.#monotonic = monotonic
    this.#milliseconds = milliseconds
  }

  get isSpent(): boolean {
    const now = this.#monotonic()
    if (now - this.#second >= SECOND) {
      this.#second = now
      // What the last piece of work took beyond the share is taken from the next second.
      this.#spent = Math.max(0, Math.min(SECOND, this.#spent - this.#milliseconds))
    }
    return this.#spent >= this.#milliseconds
  }

  /** Counts the time of `work`, which must not wait for anything. */
  run<Result>(work: () => Result): Result {
    const begun = this.#monotonic()
    try {
      return work()
    } finally {
      this.#spent += this.#monotonic() - begun
    }
  }
}
