import type { Clock } from '../../kernel/clock.ts'
import type { AttemptResult, LockoutOwner, LockoutPolicy, Settled } from './lockout.ts'
import type { StoredUser } from './stored-user.ts'

/** Whether a proof may be evaluated now. */
export type Entry =
  /** `reservation` undefined: nothing is known against the user, and nobody had to be asked. */
  | { readonly kind: 'enter'; readonly reservation: number | undefined }
  | { readonly kind: 'locked'; readonly until: number; readonly failures: number }
  | { readonly kind: 'unavailable' }

const FREE: Entry = { kind: 'enter', reservation: undefined }

/** Users remembered as suspect; a forgotten one is still told by the failures in its row. */
const SUSPECTS = 100_000

/**
 * A worker's side of the lock-out. A user without failures whose proof is checked at once needs no leave; everything
 * else asks the owner first. So one worker evaluates exactly as many guesses as the threshold allows, and each further
 * worker at most one more.
 */
export class LockoutGuard {
  readonly #owner: LockoutOwner
  readonly #clock: Clock
  /** Users this worker sent a failure of, until one of their proofs is right. */
  readonly #suspects = new Set<string>()

  constructor(owner: LockoutOwner, clock: Clock) {
    this.#owner = owner
    this.#clock = clock
  }

  /** `atOnce`: the proof will be checked and settled before anything else runs. */
  enter(user: StoredUser, policy: LockoutPolicy, atOnce: boolean): Entry | Promise<Entry> {
    if (policy.threshold === 0) return FREE
    const { lockedUntil, failures } = user
    if (lockedUntil !== undefined && this.#clock.now() < lockedUntil) {
      return { kind: 'locked', until: lockedUntil, failures }
    }
    if (atOnce && failures === 0 && !this.#suspects.has(user.id)) return FREE
    return this.#reserve(user.id, policy)
  }

  /** Resolves once the failure is durable; undefined: it could not be recorded, and no answer may leave. */
  async failed(userId: string, policy: LockoutPolicy, entry: Entry): Promise<Settled | undefined> {
    if (policy.threshold === 0) return { failures: 0 }
    this.#suspect(userId)
    try {
      return await this.#owner.settle(userId, 'failed', policy, reservationOf(entry))
    } catch {
      return undefined
    }
  }

  /** For a proof that was right (`succeeded`), or one whose worth could not be told (`abandoned`). */
  passed(userId: string, policy: LockoutPolicy, entry: Entry, result: 'succeeded' | 'abandoned'): void {
    const reservation = reservationOf(entry)
    if (reservation === undefined) return
    if (result === 'succeeded') this.#suspects.delete(userId)
    this.#tell(userId, result, policy, reservation)
  }

  #tell(userId: string, result: AttemptResult, policy: LockoutPolicy, reservation: number): void {
    // Nobody waits for it: where it is lost the failures stay counted and the reservation lapses, the safe side.
    this.#owner.settle(userId, result, policy, reservation).catch(() => this.#suspect(userId))
  }

  async #reserve(userId: string, policy: LockoutPolicy): Promise<Entry> {
    try {
      const answer = await this.#owner.reserve(userId, policy)
      return answer.kind === 'granted' ? { kind: 'enter', reservation: answer.number } : answer
    } catch {
      return { kind: 'unavailable' }
    }
  }

  #suspect(userId: string): void {
    this.#suspects.delete(userId)
    this.#suspects.add(userId)
    if (this.#suspects.size <= SUSPECTS) return
    for (const oldest of this.#suspects) {
      this.#suspects.delete(oldest)
      break
    }
  }
}

function reservationOf(entry: Entry): number | undefined {
  return entry.kind === 'enter' ? entry.reservation : undefined
}
