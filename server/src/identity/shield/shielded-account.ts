import type { Leave, ShieldAttempt, ShieldReport, ShieldResult, ShieldStanding } from './shield-owner.ts'
import type { ShieldPolicy } from './shield-policy.ts'
import { type Station, Stations } from './shield-stations.ts'

/** What can be said of an attempt at once; `wait`: what is under way decides it. */
type Word = Exclude<Leave, { kind: 'granted' | 'busy' }> | 'free' | 'counted' | 'wait'

const LOOK_AGAIN: Word = { kind: 'look-again' }

interface UnderWay {
  readonly station: string
  readonly secret: string | undefined
  /** Its password may be wrong. */
  readonly isCounted: boolean
  /** When it is taken as lost (its worker died): monotonic milliseconds. */
  readonly deadline: number
}

/** Wrong passwords remembered of one account. */
const WRONG_SECRETS = 16
/** Where nobody tells when a password was changed, one that was wrong may be right again after so long. */
const WRONG_FOR_MILLISECONDS = 5 * 60_000
/** An attempt that was never settled stops holding others back. */
const LOST_AFTER_MILLISECONDS = 60_000

/**
 * The shield of one account. Three questions in this order: is this password known (right: it costs nothing; wrong: the
 * directory need not be asked)? Has this device failed too often? Does the account's budget bear one more guess, with all
 * that is under way counted as failures?
 */
export class ShieldedAccount {
  readonly user: string
  readonly source: string
  readonly #stations = new Stations()
  readonly #underWay = new Map<number, UnderWay>()
  /** Digests of wrong passwords, and when they were: the oldest first. */
  readonly #wrong = new Map<string, number>()
  #right: string | undefined
  #stamp: string | undefined
  /** The stamp before: a controller that has not heard of the change still tells it. */
  #formerStamp: string | undefined
  #policy: ShieldPolicy
  /** Wrong passwords we sent since the last right one. */
  #failures = 0
  #lastFailureAt = 0
  #lastSuccessAt = 0
  #alarmedAt = Number.NEGATIVE_INFINITY
  /** An administrator gave another chance: the next attempt may use what is kept for known devices. */
  #isReleased = false

  constructor({ user, source, policy }: ShieldAttempt) {
    this.user = user
    this.source = source
    this.#policy = policy
  }

  /** Whether it may be forgotten: nothing is under way. */
  get isAtRest(): boolean {
    return this.#underWay.size === 0
  }

  /** What may be done about an attempt now. Changes nothing but what time and the attempt's news change. */
  judge(attempt: ShieldAttempt, now: number, monotonic: number): Word {
    this.#age(now, monotonic)
    if (attempt.isProvisional === true && !this.#isQuiet(attempt, now)) return LOOK_AGAIN
    this.#hear(attempt)
    const { secret, policy, station: name } = attempt
    const isRight = secret !== undefined && secret === this.#right
    if (isRight && isCertain(attempt, this.#stamp)) return 'free'
    if (secret !== undefined && this.#isWrong(secret, now)) {
      return { kind: 'known-wrong', ...this.#stop(attempt, now) }
    }
    const station = this.#stations.find(name, now)
    const mayUseReserve = isRight || this.#isReleased || mayBeOwner(station, this.#stamp)
    const stationEnd = isRight ? policy.knownEnd : this.#stationEnd(station, mayUseReserve, policy, now)
    const stationFailures = isRight ? 0 : (station?.failures ?? 0)
    if (stationFailures >= stationEnd) {
      const until = (station?.lastFailureAt ?? now) + policy.windowMilliseconds
      return { kind: 'held', because: 'station', until, ...this.#stop(attempt, now) }
    }
    const accountEnd = mayUseReserve ? policy.knownEnd : policy.strangersEnd
    const used = this.#used(policy)
    if (used >= accountEnd) {
      const until = this.#budgetBackAt(policy, now)
      return { kind: 'held', because: 'account', until, ...this.#stop(attempt, now) }
    }
    let counted = 0
    let ofStation = 0
    for (const other of this.#underWay.values()) {
      if (secret !== undefined && other.secret === secret) return 'wait'
      if (!other.isCounted) continue
      counted++
      if (other.station === name) ofStation++
    }
    return used + counted >= accountEnd || stationFailures + ofStation >= stationEnd ? 'wait' : 'counted'
  }

  begin(number: number, { station, secret }: ShieldAttempt, isCounted: boolean, monotonic: number): void {
    const deadline = monotonic + LOST_AFTER_MILLISECONDS
    this.#underWay.set(number, { station, secret, isCounted, deadline })
  }

  settle(
    attempt: ShieldAttempt,
    result: ShieldResult,
    number: number | undefined,
    now: number,
  ): ShieldStanding {
    if (number !== undefined) this.#underWay.delete(number)
    this.#hear(attempt)
    if (result === 'failed') this.#failed(attempt, now)
    if (result === 'succeeded') this.#succeeded(attempt, now)
    return { used: this.#used(attempt.policy), threshold: attempt.policy.threshold }
  }

  /** An administrator's word: every device, or one, gets another chance. What the directory counts, it still counts. */
  release(station?: string): void {
    this.#stations.pardon(station)
    this.#wrong.clear()
    this.#alarmedAt = Number.NEGATIVE_INFINITY
    this.#isReleased = true
  }

  /** Undefined: nothing is held against it. */
  report(now: number): ShieldReport | undefined {
    const policy = this.#policy
    const end = now - policy.windowMilliseconds
    const stations = this.#stations
      .report((station) => {
        const mayUseReserve = this.#isReleased || mayBeOwner(station, this.#stamp)
        const isHeld = station.failures >= this.#stationEnd(station, mayUseReserve, policy, now)
        return isHeld ? station.lastFailureAt + policy.windowMilliseconds : undefined
      })
      .filter(({ lastFailureAt = 0, lastStoppedAt = 0 }) => Math.max(lastFailureAt, lastStoppedAt) > end)
    const used = now - this.#lastFailureAt < policy.windowMilliseconds ? this.#used(policy) : 0
    if (stations.length === 0 && used === 0) return undefined
    return {
      user: this.user,
      source: this.source,
      used,
      threshold: policy.threshold,
      left: Math.max(0, policy.threshold - used),
      until: this.#budgetBackAt(policy, now),
      stations,
    }
  }

  #failed({ station: name, client, secret }: ShieldAttempt, now: number): void {
    this.#failures++
    this.#lastFailureAt = now
    this.#isReleased = false
    const station = this.#stations.touch(name, client)
    station.failures++
    station.lastFailureAt = now
    if (secret === undefined) return
    if (secret === this.#right) this.#right = undefined
    this.#wrong.delete(secret)
    this.#wrong.set(secret, now)
    for (const oldest of this.#wrong.keys()) {
      if (this.#wrong.size <= WRONG_SECRETS) return
      this.#wrong.delete(oldest)
    }
  }

  /** The directory forgets its count at a right password; other devices are held back as before. */
  #succeeded({ station: name, client, secret, stamp }: ShieldAttempt, now: number): void {
    this.#failures = 0
    this.#lastSuccessAt = now
    this.#isReleased = false
    const station = this.#stations.touch(name, client)
    station.failures = 0
    station.stopped = 0
    station.goodAt = now
    station.goodStamp = stamp ?? this.#stamp
    if (secret === undefined) return
    this.#right = secret
    this.#wrong.delete(secret)
  }

  #hear({ stamp, policy }: ShieldAttempt): void {
    this.#policy = policy
    if (stamp === undefined || stamp === this.#stamp || stamp === this.#formerStamp) return
    if (this.#stamp !== undefined) {
      this.#formerStamp = this.#stamp
      this.#right = undefined
      this.#wrong.clear()
      this.#stations.pardon()
      // Whoever changed it proved the former one, or is an administrator; what still counts, the directory tells.
      this.#failures = 0
    }
    this.#stamp = stamp
  }

  /**
   * Nothing is held against the account, this device or this password, nothing else is under way, and nobody has told of
   * another password since.
   */
  #isQuiet({ secret, stamp, policy, station: name }: ShieldAttempt, now: number): boolean {
    if (this.#stamp !== undefined && stamp !== this.#stamp) return false
    if (policy.told > 0 || this.#failures > 0 || this.#underWay.size > 0) return false
    if (secret !== undefined && this.#wrong.has(secret)) return false
    return (this.#stations.find(name, now)?.failures ?? 0) === 0
  }

  #age(now: number, monotonic: number): void {
    if (now - this.#lastFailureAt >= this.#policy.windowMilliseconds) this.#failures = 0
    for (const [number, { deadline }] of this.#underWay) {
      if (monotonic >= deadline) this.#underWay.delete(number)
    }
  }

  #isWrong(secret: string, now: number): boolean {
    const since = this.#wrong.get(secret)
    if (since === undefined) return false
    return this.#stamp !== undefined || now - since < WRONG_FOR_MILLISECONDS
  }

  /** Failures at which a device is held back. Once the window is over it may try once more, each window again. */
  #stationEnd(
    station: Station | undefined,
    mayUseReserve: boolean,
    { failuresPerStation, strangersEnd, windowMilliseconds }: ShieldPolicy,
    now: number,
  ): number {
    const end = mayUseReserve
      ? Math.max(failuresPerStation, strangersEnd)
      : Math.min(failuresPerStation, strangersEnd)
    if (station === undefined || now - station.lastFailureAt < windowMilliseconds) return end
    return Math.max(end, station.failures + 1)
  }

  /** The directory's count, or ours where it is higher: each controller counts for itself, we count for all of them. */
  #used({ told, toldAt, isKept }: ShieldPolicy): number {
    const isOutdated = isKept && (toldAt === undefined || toldAt <= this.#lastSuccessAt)
    return isOutdated ? this.#failures : Math.max(told, this.#failures)
  }

  #budgetBackAt({ toldAt = 0, windowMilliseconds }: ShieldPolicy, now: number): number {
    const last = Math.max(toldAt, this.#failures > 0 ? this.#lastFailureAt : 0)
    return (last === 0 ? now : last) + windowMilliseconds
  }

  #stop({ station: name, client, policy }: ShieldAttempt, now: number) {
    const station = this.#stations.noteStopped(name, client, now)
    const isFirst = now - this.#alarmedAt >= policy.windowMilliseconds
    if (isFirst) this.#alarmedAt = now
    const { threshold } = policy
    return { used: this.#used(policy), threshold, stationFailures: station.failures, isFirst }
  }
}

/** Whether a password that was right still is: the look-up is of just now, and tells that it was not changed. */
function isCertain({ stamp, policy }: ShieldAttempt, current: string | undefined): boolean {
  return !policy.isKept && stamp !== undefined && stamp === current
}

/** A device that logged in before, unless it fails since the password was changed: then it has the old one. */
function mayBeOwner(station: Station | undefined, stamp: string | undefined): boolean {
  if (station?.goodAt === undefined) return false
  return station.failures === 0 || station.goodStamp === stamp
}
