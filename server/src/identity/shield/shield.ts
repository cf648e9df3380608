import { randomBytes } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { nameKey } from '../user-name.ts'
import type {
  Leave,
  ShieldAttempt,
  ShieldOwner,
  ShieldReport,
  ShieldResult,
  ShieldStanding,
} from './shield-owner.ts'
import { ShieldedAccount } from './shielded-account.ts'

/** Accounts kept: some 500 octets each. Only accounts of the directory are, not names somebody made up. */
const ACCOUNTS = 50_000
/** Accounts that are told of, the latest first. */
const LISTED = 500
/** Attempts that may wait for one account; more than a real person's devices send at once. */
const WAITING_PER_ACCOUNT = 64

interface Waiting {
  readonly attempt: ShieldAttempt
  readonly resolve: (leave: Leave) => void
}

/**
 * The lock-out shield of all workers: which attempts at accounts of directories may reach the directory. Lives in one
 * thread and in memory alone. A restart forgets who was held back; what the directory counted, it tells again.
 */
export class Shield implements ShieldOwner {
  readonly #clock: Clock
  readonly #key = randomBytes(32)
  /** Least lately used first. */
  readonly #accounts = new Map<string, ShieldedAccount>()
  readonly #waiting = new Map<string, Waiting[]>()
  #numbers = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async key(): Promise<Uint8Array> {
    return this.#key
  }

  async reserve(attempt: ShieldAttempt): Promise<Leave> {
    this.#admit(attempt.account)
    const leave = this.#leave(attempt)
    if (leave !== 'wait') return leave
    const queue = this.#waiting.get(attempt.account) ?? []
    if (queue.length >= WAITING_PER_ACCOUNT) return { kind: 'busy' }
    this.#waiting.set(attempt.account, queue)
    return new Promise((resolve) => queue.push({ attempt, resolve }))
  }

  async settle(
    attempt: ShieldAttempt,
    result: ShieldResult,
    number: number | undefined,
  ): Promise<ShieldStanding> {
    const account = this.#account(attempt)
    const standing = account.settle(attempt, result, number, this.#clock.now())
    this.#admit(attempt.account)
    return standing
  }

  async list(): Promise<readonly ShieldReport[]> {
    const now = this.#clock.now()
    const reports: ShieldReport[] = []
    for (const account of this.#accounts.values()) {
      const report = account.report(now)
      if (report !== undefined) reports.push(report)
    }
    return reports.toSorted((one, other) => other.until - one.until).slice(0, LISTED)
  }

  async release(user: string, source?: string, station?: string): Promise<number> {
    let released = 0
    for (const [id, account] of this.#accounts) {
      if (nameKey(account.user) !== nameKey(user)) continue
      if (source !== undefined && account.source !== source) continue
      account.release(station)
      released++
      this.#admit(id)
    }
    return released
  }

  /** Accounts kept. */
  get size(): number {
    return this.#accounts.size
  }

  /** How many devices are held back now. */
  get heldDevices(): number {
    const now = this.#clock.now()
    let held = 0
    for (const account of this.#accounts.values()) {
      for (const { heldUntil } of account.report(now)?.stations ?? []) if (heldUntil !== undefined) held++
    }
    return held
  }

  #leave(attempt: ShieldAttempt): Leave | 'wait' {
    const account = this.#account(attempt)
    const monotonic = this.#clock.monotonic()
    const word = account.judge(attempt, this.#clock.now(), monotonic)
    if (word !== 'free' && word !== 'counted') return word
    const number = ++this.#numbers
    account.begin(number, attempt, word === 'counted', monotonic)
    return { kind: 'granted', number }
  }

  /** Lets those go on who wait, in their order, as far as what has come to pass allows. */
  #admit(id: string): void {
    const queue = this.#waiting.get(id)
    if (queue === undefined) return
    const still = queue.filter(({ attempt, resolve }) => {
      const leave = this.#leave(attempt)
      if (leave === 'wait') return true
      resolve(leave)
      return false
    })
    if (still.length === 0) this.#waiting.delete(id)
    else this.#waiting.set(id, still)
  }

  #account(attempt: ShieldAttempt): ShieldedAccount {
    const { account: id } = attempt
    const account = this.#accounts.get(id) ?? new ShieldedAccount(attempt)
    this.#accounts.delete(id)
    this.#accounts.set(id, account)
    if (this.#accounts.size > ACCOUNTS) this.#forgetOne()
    return account
  }

  #forgetOne(): void {
    for (const [id, account] of this.#accounts) {
      if (!account.isAtRest || this.#waiting.has(id)) continue
      this.#accounts.delete(id)
      return
    }
  }
}
