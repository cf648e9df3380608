import { createHmac } from 'node:crypto'
import type { LdapShieldConfiguration } from '../../config/sections/sources/ldap-shield.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { DirectoryAccount } from '../ldap/account-lookup.ts'
import type { Asked, AuthenticationOutcome } from '../source.ts'
import { KnownAccounts } from './known-accounts.ts'
import type { Leave, ShieldAttempt, ShieldOwner, ShieldResult, Stopped } from './shield-owner.ts'
import { isRecent, reserveOf, shieldPolicy } from './shield-policy.ts'

/** What a source asks about before it lets the directory check a proof. */
export interface ShieldQuestion {
  readonly source: string
  readonly settings: LdapShieldConfiguration
  readonly account: DirectoryAccount
  readonly asked: Asked
  /** A password that was seen; absent: an MS-CHAP answer, which cannot be compared with others. */
  readonly password?: Uint8Array
  /** The account as the directory has it now, where `account` was kept from earlier; undefined: it cannot be had. */
  readonly refresh?: () => Promise<DirectoryAccount | undefined>
}

/** What a worker says of attempts that were stopped. */
export interface ShieldWitness {
  /** One attempt was answered here. */
  stopped(source: string, why: 'known-wrong' | 'station' | 'account'): void
  /** The first one for this account within one window. */
  alarm(attempt: ShieldAttempt, stopped: Stopped): void
}

export interface ShieldGuardParts {
  readonly owner: ShieldOwner
  readonly clock: Clock
  /** RADIUS workers of this server: each may have one attempt at an account under way without asking. */
  readonly workers: number
  readonly witness: ShieldWitness
}

const UNREACHABLE: AuthenticationOutcome = {
  kind: 'unavailable',
  why: 'the lock-out shield cannot be asked',
  isUnasked: true,
}
const BUSY: AuthenticationOutcome = {
  kind: 'unavailable',
  why: 'too many attempts at this account are being checked',
  isUnasked: true,
}
/** A device without Calling-Station-Id is known by the RADIUS client it came through. */
const NO_STATION = 'no Calling-Station-Id'

/**
 * A worker's side of the lock-out shield. It stands between the look-up of an account and the check of its password, and
 * only ever says no: an accept comes from the directory alone. A password that was right before goes through without
 * asking anybody, and so does the only attempt at an account nothing is known against, where the budget bears it.
 */
export class ShieldGuard {
  readonly #parts: ShieldGuardParts
  readonly #known = new KnownAccounts()
  #key: Promise<Uint8Array> | undefined

  constructor(parts: ShieldGuardParts) {
    this.#parts = parts
  }

  /** `check` asks the directory: it is called once, or not at all. */
  async attempt(
    question: ShieldQuestion,
    check: () => Promise<AuthenticationOutcome>,
  ): Promise<AuthenticationOutcome> {
    const attempt = await this.#attemptOf(question, question.account)
    if (attempt === 'nothing at stake') return await check()
    if (attempt === undefined) return UNREACHABLE
    const known = this.#known.of(attempt.account)
    if (known.mayGoFreely(attempt, this.#parts.clock.now(), this.#bearsFreeOnes(question, attempt))) {
      return await known.running(() => this.#check(attempt, undefined, check))
    }
    return await this.#ask(question, attempt, check)
  }

  /**
   * What is not free is decided by the owner of the counters, on what the directory says now: or said a moment ago, where
   * nothing is held against the account.
   */
  async #ask(
    question: ShieldQuestion,
    first: ShieldAttempt,
    check: () => Promise<AuthenticationOutcome>,
  ): Promise<AuthenticationOutcome> {
    if (isRecent(question.account, first.policy, this.#parts.clock.monotonic())) {
      const leave = await this.#reserve({ ...first, isProvisional: true })
      if (leave?.kind !== 'look-again') return await this.#go(first, leave, check)
    }
    const fresh = first.policy.isKept ? await question.refresh?.() : undefined
    const attempt = fresh === undefined ? first : await this.#attemptOf(question, fresh)
    if (attempt === 'nothing at stake') return await check()
    return await this.#go(attempt, attempt && (await this.#reserve(attempt)), check)
  }

  async #go(
    attempt: ShieldAttempt | undefined,
    leave: Leave | undefined,
    check: () => Promise<AuthenticationOutcome>,
  ): Promise<AuthenticationOutcome> {
    if (attempt === undefined || leave === undefined) return UNREACHABLE
    switch (leave.kind) {
      case 'granted':
        return await this.#check(attempt, leave.number, check)
      case 'busy':
      case 'look-again':
        return BUSY
      case 'known-wrong':
      case 'held':
        return this.#stopped(attempt, leave)
    }
  }

  #stopped(
    attempt: ShieldAttempt,
    leave: Extract<Leave, { kind: 'known-wrong' | 'held' }>,
  ): AuthenticationOutcome {
    const { witness, clock } = this.#parts
    const { source, station, client, policy } = attempt
    const { used, threshold, stationFailures } = leave
    this.#known.of(attempt.account).suspect(clock.now() + policy.windowMilliseconds)
    witness.stopped(source, leave.kind === 'held' ? leave.because : 'known-wrong')
    if (leave.isFirst) witness.alarm(attempt, leave)
    const device = { station, ...(client !== undefined && { client }) }
    if (leave.kind === 'known-wrong') {
      return { kind: 'wrong-password', failures: used, lockoutThreshold: threshold, repeatedBy: device }
    }
    return {
      kind: 'held-back',
      because: leave.because,
      ...device,
      stationFailures,
      left: Math.max(0, threshold - used),
      threshold,
      until: new Date(leave.until).toISOString(),
    }
  }

  async #check(
    attempt: ShieldAttempt,
    number: number | undefined,
    check: () => Promise<AuthenticationOutcome>,
  ): Promise<AuthenticationOutcome> {
    let outcome: AuthenticationOutcome | undefined
    try {
      outcome = await check()
    } finally {
      if (outcome === undefined) this.#tell(attempt, 'abandoned', number)
    }
    const known = this.#known.of(attempt.account)
    const { clock, owner } = this.#parts
    switch (outcome.kind) {
      case 'authenticated':
        if (number !== undefined || known.isNews(attempt, clock.now()))
          this.#tell(attempt, 'succeeded', number)
        known.succeeded(attempt, clock.now())
        return outcome
      case 'wrong-password': {
        known.failed(attempt, clock.now() + attempt.policy.windowMilliseconds)
        const standing = await owner.settle(attempt, 'failed', number)
        return { ...outcome, failures: standing.used, lockoutThreshold: standing.threshold }
      }
      default:
        if (number !== undefined) this.#tell(attempt, 'abandoned', number)
        return outcome
    }
  }

  /** Nobody waits for it: where it is lost, counted attempts stay counted for a while, the safe side. */
  #tell(attempt: ShieldAttempt, result: ShieldResult, number: number | undefined): void {
    this.#parts.owner.settle(attempt, result, number).catch(() => {})
  }

  async #reserve(attempt: ShieldAttempt): Promise<Leave | undefined> {
    try {
      return await this.#parts.owner.reserve(attempt)
    } catch {
      return undefined
    }
  }

  async #attemptOf(
    question: ShieldQuestion,
    account: DirectoryAccount,
  ): Promise<ShieldAttempt | 'nothing at stake' | undefined> {
    const { settings, source, asked, password } = question
    const { clock, workers } = this.#parts
    const threshold = account.budget?.threshold ?? settings.threshold
    const freely = workers <= reserveOf(settings, threshold) - 2 ? workers : 0
    const policy = shieldPolicy(settings, account, clock.now(), freely)
    if (policy === undefined) return 'nothing at stake'
    const {
      client,
      station = client === undefined ? `unknown (${NO_STATION})` : `unknown (${NO_STATION} from ${client})`,
    } = asked
    const secret = password && (await this.#digest(account.user.id, password))
    if (password !== undefined && secret === undefined) return undefined
    return {
      account: account.user.id,
      user: account.user.name,
      source,
      station,
      policy,
      ...(client !== undefined && { client }),
      ...(secret !== undefined && { secret }),
      ...(account.passwordStamp !== undefined && { stamp: account.passwordStamp }),
    }
  }

  /** `shieldPolicy` has kept something back for them. */
  #bearsFreeOnes({ settings }: ShieldQuestion, { policy }: ShieldAttempt): boolean {
    return this.#parts.workers <= reserveOf(settings, policy.threshold) - 2
  }

  /** Keyed and of one account: worth nothing outside of this process, and not comparable between accounts. */
  async #digest(account: string, password: Uint8Array): Promise<string | undefined> {
    try {
      this.#key ??= this.#parts.owner.key()
      const hmac = createHmac('sha256', await this.#key)
      return hmac.update(account).update('\0').update(password).digest('base64').slice(0, 22)
    } catch {
      this.#key = undefined
      return undefined
    }
  }
}
