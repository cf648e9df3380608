/** At most so many log lines a second: a flood of logins must not become a flood of lines. Receipts and metrics tell all. */
export class LineBudget {
  readonly #perSecond: number
  #second = Number.NEGATIVE_INFINITY
  #used = 0
  #leftOut = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Undefined: this line is one too many. Else how many were left out since the last that was written. `now`: monotonic ms. */
  take(now: number): number | undefined {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#used = 0
    }
    if (this.#used >= this.#perSecond) {
      this.#leftOut++
      return undefined
    }
    this.#used++
    const leftOut = this.#leftOut
    this.#leftOut = 0
    return leftOut
  }
}
