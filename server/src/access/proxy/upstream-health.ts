export type HealthState = 'up' | 'suspect' | 'dead'

export interface HealthRules {
  readonly deadTimeMilliseconds: number
}

/**
 * Whether a server is worth asking. Pure: times are monotonic milliseconds. One request without an answer proves nothing
 * while others are answered: a server may have its reasons to stay silent. Status-Server (RFC 5997) counts only with a
 * server that has answered one, because some never do.
 */
export class UpstreamHealth {
  readonly #rules: HealthRules
  #state: HealthState = 'up'
  #since: number
  #heardAt = Number.NEGATIVE_INFINITY
  #answersStatus = false
  #trialRuns = false

  constructor(rules: HealthRules, now: number) {
    this.#rules = rules
    this.#since = now
  }

  get state(): HealthState {
    return this.#state
  }

  /** When it came into this state. */
  get since(): number {
    return this.#since
  }

  /** When a verified reply came last; undefined: never. */
  get heardAt(): number | undefined {
    return Number.isFinite(this.#heardAt) ? this.#heardAt : undefined
  }

  get answersStatus(): boolean {
    return this.#answersStatus
  }

  /** 0: ask it; 1: ask it where nobody better is left; undefined: it is dead. */
  rank(now: number): 0 | 1 | undefined {
    if (this.#state === 'up') return 0
    if (this.#state === 'suspect') return 1
    return this.#mayTry(now) ? 0 : undefined
  }

  /** A request is on its way. A dead server gets one at a time. */
  asked(): void {
    if (this.#state === 'dead') this.#trialRuns = true
  }

  /** A verified reply of any kind. */
  heard(now: number, isStatus: boolean): void {
    this.#heardAt = now
    this.#trialRuns = false
    if (isStatus) this.#answersStatus = true
    this.#become('up', now)
  }

  /** All attempts went unanswered; `askedAt`: the first of them. */
  unanswered(askedAt: number, now: number, isStatus: boolean): void {
    if (!isStatus) this.#trialRuns = false
    if (this.#heardAt >= askedAt || (isStatus && !this.#answersStatus)) return
    if (isStatus || !this.#answersStatus || this.#state === 'dead') {
      this.#since = now
      this.#become('dead', now)
    } else this.#become('suspect', now)
  }

  /** Who answers Status-Server says itself when it is back; everybody else is tried when the dead time is over. */
  #mayTry(now: number): boolean {
    return !this.#answersStatus && !this.#trialRuns && now - this.#since >= this.#rules.deadTimeMilliseconds
  }

  #become(state: HealthState, now: number): void {
    if (this.#state === state) return
    this.#state = state
    this.#since = now
  }
}
