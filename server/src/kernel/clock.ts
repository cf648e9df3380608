/** Time as the house takes it: passed in, so that tests can stop it. Milliseconds since the epoch. */
export interface Clock {
  /** Wall clock: for people, certificates and stored times. */
  now(): number
  /** Never goes back: for timers and measured spans. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

/** A clock that moves only when told. */
export class FakeClock implements Clock {
  #now: number

  constructor(start: number | string = '2026-01-05T09:00:00Z') {
    this.#now = typeof start === 'string' ? Date.parse(start) : start
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
}
