import { GuessLimit } from '../../../enrolment/registration/guess-limit.ts'

/** Wrong codes of everybody in a minute: with 10,000 open codes of 40 bits an attacker finds one in some three years. */
const MOST_TOGETHER = 60
const MINUTE = 60_000

/** Slows down who tries codes: each address, and all of them together, for addresses are cheap. */
export class CodeGuesses {
  readonly #monotonic: () => number
  readonly #each: GuessLimit
  #minute = Number.NEGATIVE_INFINITY
  #together = 0

  /** @param monotonic milliseconds */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
    this.#each = new GuessLimit(monotonic)
  }

  /** Milliseconds until the next code of this address is looked at; 0: now. */
  waitOf(address: string): number {
    const left = this.#minute + MINUTE - this.#monotonic()
    const ofAll = left > 0 && this.#together >= MOST_TOGETHER ? left : 0
    return Math.max(ofAll, this.#each.waitOf(address))
  }

  /**
   * Counted before it is known whether the code is right: of many at the same time no more are looked at than of as many one
   * after the other. Call the result where it was right.
   */
  begin(address: string): () => void {
    const now = this.#monotonic()
    if (now >= this.#minute + MINUTE) {
      this.#minute = now
      this.#together = 0
    }
    const minute = this.#minute
    this.#together++
    this.#each.failed(address)
    return () => {
      if (this.#minute === minute) this.#together--
      this.#each.forget(address)
    }
  }
}
