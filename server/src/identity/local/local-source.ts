import type { Clock } from '../../kernel/clock.ts'
import type {
  AuthenticationOutcome,
  EarlierProof,
  IdentifiedUser,
  IdentitySource,
  MaybePromise,
  PasswordChange,
  Proof,
  ProofForm,
} from '../source.ts'
import { nameKey } from '../user-name.ts'
import { type AccountRules, accountState, standing } from './account-state.ts'
import { checkChange, type PasswordWriter } from './change-password.ts'
import type { LockoutPolicy } from './lockout.ts'
import type { Entry, LockoutGuard } from './lockout-guard.ts'
import { isBlank } from './password.ts'
import { type Checked, FORMS_OF_STORAGE, type PasswordProof } from './proof-check.ts'
import type { StoredUser, UserDirectory } from './stored-user.ts'
import type { Verifier } from './verifier.ts'
import type { VerifierCache } from './verifier-cache.ts'

/** What a local source stands on. */
export interface LocalSourceParts {
  readonly name: string
  readonly clock: Clock
  readonly directory: UserDirectory
  readonly verifiers: VerifierCache
  readonly guard: LockoutGuard
  readonly lockout: LockoutPolicy
  readonly rules: AccountRules
  /** `checkProof` with a limit for slow checks: strangers have one of their own, and cannot use up that of users. */
  readonly check: (
    verifier: Verifier,
    proof: PasswordProof,
    whose: 'user' | 'stranger',
  ) => MaybePromise<Checked>
  /** In the form new passwords are stored in: what a stranger's proof is checked against, for the same work. */
  readonly dummy: Verifier
  readonly writer: PasswordWriter
}

const NOT_FOUND: AuthenticationOutcome = { kind: 'not-found' }
const NO_PASSWORD: AuthenticationOutcome = { kind: 'no-password' }
const DAMAGED: AuthenticationOutcome = { kind: 'unavailable', why: 'the stored password cannot be read' }
const UNRECORDED: AuthenticationOutcome = { kind: 'unavailable', why: 'the failure could not be recorded' }
const BUSY: AuthenticationOutcome = { kind: 'unavailable', why: 'too many attempts are being checked' }

/**
 * Users kept by Sallyport itself. The order of an attempt: lock - proof - account state. Who has no right proof learns
 * nothing about the account: a stranger, a wrong password and a disabled account cost the same work.
 */
export class LocalSource implements IdentitySource {
  readonly kind = 'local'
  readonly name: string
  readonly forms: ReadonlySet<ProofForm> = FORMS_OF_STORAGE.reversible
  readonly #parts: LocalSourceParts

  constructor(parts: LocalSourceParts) {
    this.name = parts.name
    this.#parts = parts
  }

  authenticate(user: string, proof: Proof): MaybePromise<AuthenticationOutcome> {
    if (proof.form === 'password' && isBlank(proof.password)) return { kind: 'empty-password' }
    const stored = this.#parts.directory.find(nameKey(user))
    if (proof.form === 'certificate') {
      if (stored === undefined) return NOT_FOUND
      if (proof.holder !== undefined && proof.holder !== stored.id) return { kind: 'other-holder' }
      return this.#state(stored, 'certificate') ?? this.#identified(stored)
    }
    if (stored === undefined) return this.#spend(proof, NOT_FOUND)
    if (stored.password === undefined) return this.#spend(proof, NO_PASSWORD)
    const { storage } = stored.password
    if (!FORMS_OF_STORAGE[storage].has(proof.form)) {
      return { kind: 'form-unsupported', form: proof.form, storage }
    }
    const check: Check = (verifier) => this.#parts.check(verifier, proof, 'user')
    const finish: Finish = (right) => this.#state(stored, 'password') ?? this.#identified(stored, right)
    return this.#attempt(stored, storage !== 'argon2id', check, finish)
  }

  /** RFC 2759 section 7. Works where the password is expired or must be changed, not where the account is shut. */
  changePassword(user: string, change: PasswordChange): MaybePromise<AuthenticationOutcome> {
    const stored = this.#parts.directory.find(nameKey(user))
    if (stored === undefined) return NOT_FOUND
    const { password } = stored
    if (password === undefined) return NO_PASSWORD
    if (!FORMS_OF_STORAGE[password.storage].has('mschapv2')) {
      return { kind: 'form-unsupported', form: 'mschapv2', storage: password.storage }
    }
    let newPassword = ''
    const check = (verifier: Verifier): Checked => {
      const checked = checkChange(verifier, change)
      if (checked === undefined) return { kind: 'wrong' }
      newPassword = checked.newPassword
      return checked.right
    }
    return this.#attempt(stored, true, check, async (right) => {
      const { clock, rules, writer } = this.#parts
      const shut = standing(stored, clock.now(), rules)
      if (shut !== undefined) return shut
      const why = await writer.change(stored.id, password, newPassword)
      return why === undefined ? this.#identified(stored, right) : { kind: 'change-refused', why }
    })
  }

  resolve(user: string, earlier: EarlierProof): AuthenticationOutcome {
    const stored = this.#parts.directory.find(nameKey(user))
    if (stored === undefined) return NOT_FOUND
    if (earlier.by === 'password') {
      const { lockedUntil, failures, password } = stored
      const now = this.#parts.clock.now()
      if (lockedUntil !== undefined && now < lockedUntil) return locked(lockedUntil, failures)
      if (password === undefined || password.changedAt > earlier.at) {
        return { kind: 'password-changed', since: new Date(password?.changedAt ?? now).toISOString() }
      }
    }
    return this.#state(stored, earlier.by) ?? this.#identified(stored)
  }

  byId(id: string): AuthenticationOutcome {
    const stored = this.#parts.directory.findById(id)
    if (stored === undefined) return NOT_FOUND
    return this.#state(stored, 'certificate') ?? this.#identified(stored)
  }

  /** Lock first: while it stands no proof is looked at. `atOnce`: the check takes no promise. */
  #attempt(
    stored: StoredUser,
    atOnce: boolean,
    check: Check,
    finish: Finish,
  ): MaybePromise<AuthenticationOutcome> {
    const { guard, lockout } = this.#parts
    const entry = guard.enter(stored, lockout, atOnce)
    if (entry instanceof Promise) return entry.then((later) => this.#entered(stored, later, check, finish))
    return this.#entered(stored, entry, check, finish)
  }

  #entered(
    stored: StoredUser,
    entry: Entry,
    check: Check,
    finish: Finish,
  ): MaybePromise<AuthenticationOutcome> {
    if (entry.kind === 'locked') return locked(entry.until, entry.failures)
    if (entry.kind === 'unavailable') return BUSY
    const abandon = (): void => this.#parts.guard.passed(stored.id, this.#parts.lockout, entry, 'abandoned')
    const failed = (error: unknown): never => {
      abandon()
      throw error
    }
    try {
      const verifier = stored.password && this.#parts.verifiers.open(stored.id, stored.password)
      if (verifier === undefined) {
        abandon()
        return DAMAGED
      }
      const checked = check(verifier)
      if (!(checked instanceof Promise)) return this.#checked(stored, entry, checked, finish)
      return checked.catch(failed).then((later) => this.#checked(stored, entry, later, finish))
    } catch (error) {
      return failed(error)
    }
  }

  #checked(
    stored: StoredUser,
    entry: Entry,
    checked: Checked,
    finish: Finish,
  ): MaybePromise<AuthenticationOutcome> {
    const { guard, lockout } = this.#parts
    if (checked.kind === 'wrong') return this.#wrong(stored, entry)
    if (checked.kind === 'busy') {
      guard.passed(stored.id, lockout, entry, 'abandoned')
      return BUSY
    }
    // The password was right, whatever the account's state: that ends a series of wrong ones.
    guard.passed(stored.id, lockout, entry, 'succeeded')
    return finish(checked)
  }

  /** The reject may leave only when the failure is counted for good. */
  async #wrong(stored: StoredUser, entry: Entry): Promise<AuthenticationOutcome> {
    const { guard, lockout } = this.#parts
    const settled = await guard.failed(stored.id, lockout, entry)
    if (settled === undefined) return UNRECORDED
    if (lockout.threshold === 0) return { kind: 'wrong-password' }
    return { kind: 'wrong-password', failures: settled.failures, lockoutThreshold: lockout.threshold }
  }

  /** Does for nobody what would be done for somebody, and says `outcome` whatever comes of it. */
  #spend(proof: PasswordProof, outcome: AuthenticationOutcome): MaybePromise<AuthenticationOutcome> {
    const { dummy, check } = this.#parts
    if (!FORMS_OF_STORAGE[dummy.storage].has(proof.form)) return outcome
    const checked = check(dummy, proof, 'stranger')
    return checked instanceof Promise ? checked.then(() => outcome) : outcome
  }

  #state(stored: StoredUser, by: EarlierProof['by']): AuthenticationOutcome | undefined {
    return accountState(stored, this.#parts.clock.now(), this.#parts.rules, by)
  }

  #identified(stored: StoredUser, right?: Right): AuthenticationOutcome {
    const { id, name, groups, attributes } = stored
    const user: IdentifiedUser = { id, name, source: this.name, groups, attributes, kind: 'person' }
    if (right?.ntHashHash === undefined) return { kind: 'authenticated', user }
    const { ntHashHash, hashedUserName } = right
    if (hashedUserName === undefined) return { kind: 'authenticated', user, ntHashHash }
    return { kind: 'authenticated', user, ntHashHash, hashedUserName }
  }
}

type Right = Extract<Checked, { readonly kind: 'right' }>
type Check = (verifier: Verifier) => MaybePromise<Checked>
type Finish = (right: Right) => MaybePromise<AuthenticationOutcome>

function locked(until: number, failures: number): AuthenticationOutcome {
  return { kind: 'locked', until: new Date(until).toISOString(), failures }
}
