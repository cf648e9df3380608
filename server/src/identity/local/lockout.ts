import type { Clock } from '../../kernel/clock.ts'

/** When guessing ends; `threshold` 0 = never, and then nobody counts (`LockoutGuard`). */
export interface LockoutPolicy {
  readonly threshold: number
  readonly durationMinutes: number
  readonly resetAfterMinutes: number
}

/** What is stored of one user: times in milliseconds since the epoch. */
export interface LockoutState {
  readonly failures: number
  readonly lastFailureAt: number | null
  readonly lockedUntil: number | null
}

export interface LockoutWrite extends LockoutState {
  readonly userId: string
}

/** Where the counters last: the user's row. */
export interface LockoutStore {
  /** undefined: there is no such user, and nothing is counted. */
  readLockout(userId: string): Promise<LockoutState | undefined>
  /** One transaction for all. Users that are gone are passed over. */
  writeLockouts(writes: readonly LockoutWrite[]): Promise<void>
}

/** Leave to evaluate one proof; it is given back with `settle`. */
export type Reservation =
  | { readonly kind: 'granted'; readonly number: number }
  | { readonly kind: 'locked'; readonly until: number; readonly failures: number }
  /** Too many attempts wait already, or there is no such user any more. */
  | { readonly kind: 'unavailable' }

/** What came of an attempt; `abandoned`: neither right nor wrong, it counts as nothing. */
export type AttemptResult = 'failed' | 'succeeded' | 'abandoned'

/** How the counters stand after an attempt. `until`: the account is locked, by this attempt or an earlier one. */
export interface Settled {
  readonly failures: number
  readonly until?: number
}

/** The one owner of the counters, as a worker reaches it (all methods async: it lives in another thread). */
export interface LockoutOwner {
  reserve(userId: string, policy: LockoutPolicy): Promise<Reservation>
  /** Resolves for `failed` once the failure is durable. `reservation` undefined: evaluated without asking first. */
  settle(
    userId: string,
    result: AttemptResult,
    policy: LockoutPolicy,
    reservation: number | undefined,
  ): Promise<Settled>
  unlock(userId: string): Promise<void>
}

interface Account {
  failures: number
  lastFailureAt: number | null
  lockedUntil: number | null
  /** Reservations in flight: number -> when it is taken as lost (its worker died). */
  readonly inFlight: Map<number, number>
  readonly waiting: ((answer: Reservation) => void)[]
  policy: LockoutPolicy
  /** Time healed what the row still says; the next right password writes it. */
  healed: boolean
}

const MINUTE = 60_000
/** An attempt that was never settled stops holding others back. */
const RESERVATION_MILLISECONDS = 60_000
/** Attempts that may wait for one account; more than a real person's devices send at once. */
const WAITING_PER_ACCOUNT = 64
/** Accounts kept in memory; any that is at rest can be read again from its row. */
const ACCOUNTS_IN_MEMORY = 10_000

/**
 * Counts wrong passwords for all workers. Attempts in flight count like failures until they are settled, so parallel
 * guesses cannot pass the threshold; those beyond it wait for the outcome of the ones before. Only users that exist are
 * counted. A locked account's attempts are not evaluated and do not prolong the lock.
 */
export class Lockout implements LockoutOwner {
  readonly #store: LockoutStore
  readonly #clock: Clock
  /** Least lately used first. */
  readonly #accounts = new Map<string, Account>()
  readonly #loading = new Map<string, Promise<Account | undefined>>()
  readonly #writer: LockoutWriter
  #numbers = 0

  constructor(store: LockoutStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
    this.#writer = new LockoutWriter(store)
  }

  async reserve(userId: string, policy: LockoutPolicy): Promise<Reservation> {
    const account = await this.#account(userId, policy)
    if (account === undefined) return { kind: 'unavailable' }
    this.#age(account)
    this.#admit(account)
    const answer = this.#grant(account)
    if (answer !== undefined) return answer
    if (account.waiting.length >= WAITING_PER_ACCOUNT) return { kind: 'unavailable' }
    return new Promise((resolve) => account.waiting.push(resolve))
  }

  async settle(
    userId: string,
    result: AttemptResult,
    policy: LockoutPolicy,
    reservation: number | undefined,
  ): Promise<Settled> {
    const account = await this.#account(userId, policy)
    if (account === undefined) return { failures: 0 }
    this.#age(account)
    if (reservation !== undefined) account.inFlight.delete(reservation)
    const changed = this.#count(account, result)
    const settled = standingOf(account)
    this.#admit(account)
    if (changed) await this.#writer.write(userId, account)
    return settled
  }

  /** An administrator's word: no failures, no lock. */
  async unlock(userId: string): Promise<void> {
    const account = await this.#account(userId, NEVER)
    if (account === undefined) return
    clear(account)
    this.#admit(account)
    await this.#writer.write(userId, account)
  }

  /** Accounts held in memory. */
  get size(): number {
    return this.#accounts.size
  }

  async #account(userId: string, policy: LockoutPolicy): Promise<Account | undefined> {
    const account = this.#accounts.get(userId) ?? (await this.#loadOnce(userId, policy))
    if (account === undefined) return undefined
    if (policy !== NEVER) account.policy = policy
    this.#accounts.delete(userId)
    this.#accounts.set(userId, account)
    return account
  }

  /** Two attempts at the same time read the row once and share the account. */
  #loadOnce(userId: string, policy: LockoutPolicy): Promise<Account | undefined> {
    let loading = this.#loading.get(userId)
    if (loading === undefined) {
      loading = this.#load(userId, policy).finally(() => this.#loading.delete(userId))
      this.#loading.set(userId, loading)
    }
    return loading
  }

  async #load(userId: string, policy: LockoutPolicy): Promise<Account | undefined> {
    const state = await this.#store.readLockout(userId)
    if (state === undefined) return undefined
    const account = { ...state, inFlight: new Map(), waiting: [], policy, healed: false }
    this.#accounts.set(userId, account)
    this.#forgetSome()
    return account
  }

  /** Undefined: as many attempts are in flight as there are guesses left. */
  #grant(account: Account): Reservation | undefined {
    if (account.lockedUntil !== null) {
      return { kind: 'locked', until: account.lockedUntil, failures: account.failures }
    }
    if (account.failures + account.inFlight.size >= account.policy.threshold) return undefined
    const number = ++this.#numbers
    account.inFlight.set(number, this.#clock.monotonic() + RESERVATION_MILLISECONDS)
    return { kind: 'granted', number }
  }

  /** Lets those in who wait, as far as the guesses reach. */
  #admit(account: Account): void {
    while (account.waiting.length > 0) {
      const answer = this.#grant(account)
      if (answer === undefined) return
      account.waiting.shift()?.(answer)
    }
  }

  /** Forgets what time has healed. */
  #age(account: Account): void {
    const now = this.#clock.now()
    const { lockedUntil, lastFailureAt, policy } = account
    const isHealed =
      lockedUntil === null
        ? lastFailureAt !== null && now - lastFailureAt >= policy.resetAfterMinutes * MINUTE
        : now >= lockedUntil
    if (isHealed) {
      clear(account)
      account.healed = true
    }
    for (const [number, deadline] of account.inFlight) {
      if (this.#clock.monotonic() >= deadline) account.inFlight.delete(number)
    }
  }

  /** Whether the row has to be written. */
  #count(account: Account, result: AttemptResult): boolean {
    // The lock stands: what was evaluated before it came into force neither prolongs nor lifts it.
    if (account.lockedUntil !== null || result === 'abandoned') return false
    if (result === 'succeeded') {
      if (account.failures === 0 && !account.healed) return false
      clear(account)
      account.healed = false
      return true
    }
    const now = this.#clock.now()
    account.failures++
    account.lastFailureAt = now
    if (account.failures >= account.policy.threshold) {
      account.lockedUntil = now + account.policy.durationMinutes * MINUTE
    }
    return true
  }

  /** What is at rest can be read again; what is in flight or being written cannot. */
  #forgetSome(): void {
    for (const [userId, account] of this.#accounts) {
      if (this.#accounts.size <= ACCOUNTS_IN_MEMORY) return
      const atRest = account.inFlight.size === 0 && account.waiting.length === 0
      if (atRest && !this.#writer.holds(userId)) this.#accounts.delete(userId)
    }
  }
}

/** Stands in where no policy is known: nothing is granted or counted under it. */
const NEVER: LockoutPolicy = { threshold: 0, durationMinutes: 0, resetAfterMinutes: 0 }

function clear(account: Account): void {
  account.failures = 0
  account.lastFailureAt = null
  account.lockedUntil = null
}

function standingOf(account: Account): Settled {
  const { failures, lockedUntil } = account
  return lockedUntil === null ? { failures } : { failures, until: lockedUntil }
}

/** Group commit: while one write is under way the next ones gather, and then go together. */
class LockoutWriter {
  readonly #store: LockoutStore
  #gathering: Map<string, Account> = new Map()
  #next: Promise<void> | undefined
  #current: Promise<void> = Promise.resolve()
  #writing: ReadonlyMap<string, Account> = new Map()

  constructor(store: LockoutStore) {
    this.#store = store
  }

  /** Resolves when a write that began after this call is durable; the account is read when the write begins. */
  write(userId: string, account: Account): Promise<void> {
    this.#gathering.set(userId, account)
    this.#next ??= this.#current.then(
      () => this.#flush(),
      () => this.#flush(),
    )
    return this.#next
  }

  holds(userId: string): boolean {
    return this.#gathering.has(userId) || this.#writing.has(userId)
  }

  async #flush(): Promise<void> {
    const batch = this.#gathering
    this.#gathering = new Map()
    this.#writing = batch
    this.#current = this.#next ?? this.#current
    this.#next = undefined
    try {
      await this.#store.writeLockouts(
        [...batch].map(([userId, { failures, lastFailureAt, lockedUntil }]) => {
          return { userId, failures, lastFailureAt, lockedUntil }
        }),
      )
    } finally {
      this.#writing = new Map()
    }
  }
}
