/**
 * Lets a bounded number of slow computations run and a bounded number wait; turns the rest away at once. Argon2id takes
 * megabytes each and the threads of the pool: without a limit a flood of guesses would take them from everything else.
 */
export class WorkLimit {
  readonly #running: number
  readonly #waiting: number
  readonly #queue: (() => void)[] = []
  #busy = 0

  constructor(running: number, waiting: number) {
    this.#running = running
    this.#waiting = waiting
  }

  /** Runs the work when there is room; undefined: there is none, not even to wait. */
  run<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.#busy < this.#running) {
      this.#busy++
      return this.#hold(work)
    }
    if (this.#queue.length >= this.#waiting) return undefined
    const turn = new Promise<void>((resolve) => this.#queue.push(resolve))
    return turn.then(() => this.#hold(work))
  }

  /** Runs in a slot already taken, and hands it to the next in the queue: nobody slips in between. */
  async #hold<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      const next = this.#queue.shift()
      if (next !== undefined) next()
      else this.#busy--
    }
  }
}
