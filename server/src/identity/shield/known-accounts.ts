import type { ShieldAttempt } from './shield-owner.ts'

/** Accounts a worker remembers: some 400 octets each. A forgotten one costs a question to the owner of the counters. */
const ACCOUNTS = 50_000
/** Devices of one account that the owner of the counters was told of. */
const STATIONS = 8
/** The owner is told again that a device logged in, in case it forgot. */
const TOLD_FOR = 12 * 3_600_000

/** What one worker knows of one account, to spare the owner of the counters most questions. */
export class KnownAccount {
  #suspectUntil = Number.NEGATIVE_INFINITY
  #right: string | undefined
  #stamp: string | undefined
  /** Devices that logged in with the password of `#stamp`, and when the owner heard of it. */
  readonly #told = new Map<string, number>()
  /** One attempt is under way that nobody was asked about. */
  #isRunning = false

  /** `bearsFreeOnes`: the budget bears one attempt of each worker that nobody counts. */
  mayGoFreely({ secret, stamp, policy }: ShieldAttempt, now: number, bearsFreeOnes: boolean): boolean {
    const isRight = secret !== undefined && secret === this.#right && stamp === this.#stamp
    // Right a moment ago by what the directory says now: such attempts burn nothing, however many.
    if (isRight && stamp !== undefined && !policy.isKept) return true
    if (now < this.#suspectUntil || policy.told > 0 || this.#isRunning) return false
    return isRight || bearsFreeOnes
  }

  /** Runs an attempt that goes freely. */
  async running<T>(attempt: () => Promise<T>): Promise<T> {
    const isFirst = !this.#isRunning
    this.#isRunning = true
    try {
      return await attempt()
    } finally {
      if (isFirst) this.#isRunning = false
    }
  }

  /** Whether the owner has not heard lately of what this attempt proved. */
  isNews({ station, secret, stamp }: ShieldAttempt, now: number): boolean {
    const isOther = stamp !== this.#stamp || (secret !== undefined && secret !== this.#right)
    return isOther || now - (this.#told.get(station) ?? Number.NEGATIVE_INFINITY) >= TOLD_FOR
  }

  succeeded(attempt: ShieldAttempt, now: number): void {
    const { station, secret, stamp } = attempt
    if (stamp !== this.#stamp) this.#told.clear()
    if (this.isNews(attempt, now)) {
      this.#told.delete(station)
      this.#told.set(station, now)
    }
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= STATIONS) break
      this.#told.delete(oldest)
    }
    this.#stamp = stamp
    this.#right = secret ?? this.#right
  }

  failed({ secret }: ShieldAttempt, until: number): void {
    if (secret === this.#right) this.#right = undefined
    this.suspect(until)
  }

  /** Until then every attempt asks the owner, but those with the right password. */
  suspect(until: number): void {
    this.#suspectUntil = Math.max(this.#suspectUntil, until)
  }
}

/** The least lately used is forgotten first. */
export class KnownAccounts {
  readonly #accounts = new Map<string, KnownAccount>()

  of(id: string): KnownAccount {
    const account = this.#accounts.get(id) ?? new KnownAccount()
    this.#accounts.delete(id)
    this.#accounts.set(id, account)
    for (const oldest of this.#accounts.keys()) {
      if (this.#accounts.size <= ACCOUNTS) break
      this.#accounts.delete(oldest)
    }
    return account
  }
}
