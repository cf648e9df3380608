import { fromUtf8 } from '@sallyport/bytes'
import { ldapShieldSchema } from '../../../config/sections/sources/ldap-shield.ts'
import { FakeClock } from '../../../kernel/clock.ts'
import type { DirectoryAccount } from '../../ldap/account-lookup.ts'
import type { AuthenticationOutcome } from '../../source.ts'
import { Shield } from '../shield.ts'
import { ShieldGuard, type ShieldWitness } from '../shield-guard.ts'
import type { ShieldOwner } from '../shield-owner.ts'

const MINUTE = 60_000

export interface DomainOptions {
  /** Wrong passwords until alice is locked; 0 = never. */
  readonly threshold?: number
  readonly windowMinutes?: number
  /** RADIUS workers, each with a guard of its own. */
  readonly workers?: number
  readonly settings?: object
  /** Tells nothing of budgets and password changes, like any LDAP server that is not Active Directory. */
  readonly isGeneric?: boolean
}

export interface Login {
  /** Seen by the server; false: an MS-CHAP answer made with it. */
  readonly isSeen?: boolean
  readonly station?: string
  readonly worker?: number
  /** The look-up was kept from earlier: this one. */
  readonly kept?: DirectoryAccount
}

/** A domain with one account that counts and locks as Active Directory does, and a server with a shield before it. */
export class Domain {
  readonly clock = new FakeClock()
  readonly alarms: string[] = []
  readonly stops: string[] = []
  /** Questions to the owner of the counters. */
  readonly asked: string[] = []
  readonly shield = new Shield(this.clock)
  readonly settings
  readonly #options: DomainOptions
  readonly #guards: readonly ShieldGuard[]
  /** Checks of passwords that reached the directory. */
  checks = 0
  /** Look-ups that the shield asked for. */
  refreshes = 0
  password = 'correct horse'
  badPasswords = 0
  badPasswordAt: number | undefined
  isLocked = false
  isDown = false
  /** Throws instead of an answer. */
  isBroken = false
  /** Tells of no change of the password any more. */
  oldStamp: string | undefined
  /** Resolves a check; default at once. */
  answered: Promise<void> | undefined

  constructor(options: DomainOptions = {}) {
    this.#options = options
    this.settings = ldapShieldSchema.parse(options.settings ?? {})
    const { workers = 1 } = options
    const owner = this.#watched()
    const witness: ShieldWitness = {
      stopped: (_source, why) => this.stops.push(why),
      alarm: ({ station }) => this.alarms.push(station),
    }
    const parts = { owner, clock: this.clock, workers, witness }
    this.#guards = Array.from({ length: workers }, () => new ShieldGuard(parts))
  }

  account(): DirectoryAccount {
    const { threshold = 5, windowMinutes = 30, isGeneric = false } = this.#options
    const user = { id: 'corp/alice', name: 'alice', source: 'corp', groups: [], attributes: {} }
    if (isGeneric) return { dn: 'uid=alice', user }
    return {
      dn: 'CN=alice',
      user: { ...user, lookup: 'live' },
      passwordStamp: this.oldStamp ?? this.password,
      budget: {
        failures: this.badPasswords,
        threshold,
        observationMilliseconds: windowMinutes * MINUTE,
        server: 'dc1',
        ...(this.badPasswordAt !== undefined && { lastFailureAt: this.badPasswordAt }),
      },
    }
  }

  /** What comes of a login by this password: the kind of its outcome. */
  async login(password: string, login: Login = {}): Promise<AuthenticationOutcome['kind'] | 'repeated'> {
    const outcome = await this.outcome(password, login)
    return outcome.kind === 'wrong-password' && outcome.repeatedBy !== undefined ? 'repeated' : outcome.kind
  }

  async outcome(password: string, login: Login = {}): Promise<AuthenticationOutcome> {
    const { isSeen = true, station, worker = 0, kept } = login
    const guard = this.#guards[worker] as ShieldGuard
    return await guard.attempt(
      {
        source: 'corp',
        settings: this.settings,
        account: kept ?? this.account(),
        asked: { wholeName: 'alice', client: 'wifi', ...(station !== undefined && { station }) },
        ...(isSeen && { password: fromUtf8(password) }),
        ...(kept !== undefined && { refresh: async () => this.#refresh() }),
      },
      async () => this.#check(password),
    )
  }

  /** The account as a worker keeps it that asks now. */
  kept(): DirectoryAccount {
    const account = this.account()
    const askedAt = this.clock.monotonic()
    return { ...account, askedAt, user: { ...account.user, lookup: 'cached' } }
  }

  #refresh(): DirectoryAccount | undefined {
    this.refreshes++
    return this.isDown ? undefined : this.account()
  }

  /** An MS-CHAP login. */
  async mschap(password: string, station?: string, worker = 0) {
    return await this.login(password, {
      isSeen: false,
      worker,
      ...(station !== undefined && { station }),
    })
  }

  /** A wrong password at a workstation of the domain: nothing this server sees. */
  async mistypeElsewhere(): Promise<void> {
    await this.#check('somewhere else')
  }

  async #check(password: string): Promise<AuthenticationOutcome> {
    this.checks++
    if (this.isBroken) throw new Error('broken')
    if (this.isDown) return { kind: 'unavailable', why: 'no controller answers' }
    await this.answered
    if (this.isLocked) return { kind: 'locked' }
    const { threshold = 5, windowMinutes = 30 } = this.#options
    const now = this.clock.now()
    if (password === this.password) {
      this.badPasswords = 0
      const { user } = this.account()
      return { kind: 'authenticated', user }
    }
    const since = now - (this.badPasswordAt ?? Number.NEGATIVE_INFINITY)
    this.badPasswords = since < windowMinutes * MINUTE ? this.badPasswords + 1 : 1
    this.badPasswordAt = now
    if (threshold > 0 && this.badPasswords >= threshold) this.isLocked = true
    return { kind: 'wrong-password' }
  }

  #watched(): ShieldOwner {
    const { shield, asked } = this
    return {
      key: () => shield.key(),
      reserve: (attempt) => {
        asked.push('reserve')
        return shield.reserve(attempt)
      },
      settle: (attempt, result, number) => {
        asked.push(result)
        return shield.settle(attempt, result, number)
      },
      list: () => shield.list(),
      release: (...of) => shield.release(...of),
    }
  }
}
