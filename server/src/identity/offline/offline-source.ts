import type { Asked, AuthenticationOutcome, IdentitySource, Proof, ProofForm } from '../source.ts'
import { waited } from '../state/waited.ts'
import type { KnownAccounts, OfflineAnswer } from './known-accounts.ts'

/** Told when an account as it was last known stood in for the directory. */
export type ServedOffline = (by: 'password' | 'certificate') => void

/** What a directory says of an account whatever was proved: it is not let in on its earlier word any more. */
const BARS: ReadonlySet<AuthenticationOutcome['kind']> = new Set([
  'disabled',
  'account-expired',
  'outside-logon-hours',
  'outside-group',
  'dial-in-denied',
  'workstation-denied',
])

/** The same of its password; a certificate does not care. */
const PASSWORD_BARS: ReadonlySet<AuthenticationOutcome['kind']> = new Set([
  'locked',
  'password-expired',
  'must-change-password',
  'smart-card-required',
])

/**
 * A directory's source that goes on where the directory is unavailable, with what it said last. That replaces look-ups
 * of accounts and groups alone, and only after a proof we check ourselves: a certificate, or a password against the hash
 * of the one the directory last took. Everything else stays unavailable, a wrong password too: nobody can know what the
 * right one is by now.
 */
export class OfflineSource implements IdentitySource {
  readonly name: string
  readonly kind: IdentitySource['kind']
  readonly forms: ReadonlySet<ProofForm>
  readonly changePassword?: NonNullable<IdentitySource['changePassword']>
  readonly resolve?: NonNullable<IdentitySource['resolve']>
  readonly byId?: NonNullable<IdentitySource['byId']>
  readonly #inner: IdentitySource
  readonly #known: KnownAccounts
  readonly #served: ServedOffline

  constructor(inner: IdentitySource, known: KnownAccounts, served: ServedOffline) {
    this.#inner = inner
    this.#known = known
    this.#served = served
    this.name = inner.name
    this.kind = inner.kind
    this.forms = inner.forms
    const { changePassword, resolve, byId } = inner
    if (changePassword !== undefined) this.changePassword = changePassword.bind(inner)
    if (byId !== undefined) this.byId = byId.bind(inner)
    if (resolve !== undefined) {
      this.resolve = async (user, earlier, asked) => {
        const from = performance.now()
        const outcome = waited(await resolve.call(inner, user, earlier, asked), from)
        // That the password of back then is still the right one, the directory alone can say.
        if (outcome.kind !== 'unavailable' || earlier.by === 'password' || asked.isLiveOnly) return outcome
        return this.#outcome(await known.bySession(user, asked.wholeName), 'certificate', outcome)
      }
    }
  }

  async authenticate(user: string, proof: Proof, asked: Asked): Promise<AuthenticationOutcome> {
    const from = performance.now()
    const outcome = waited(await this.#inner.authenticate(user, proof, asked), from)
    const { wholeName } = asked
    switch (outcome.kind) {
      case 'authenticated':
        this.#known.proved(user, wholeName, proof)
        return outcome
      case 'wrong-password':
        if (proof.form === 'password') this.#known.refused(user, wholeName, proof.password)
        return outcome
      case 'unavailable':
        if (outcome.isUnasked || asked.isLiveOnly) return outcome
        if (proof.form === 'certificate') {
          const known = await this.#known.byCertificate(user, wholeName, proof)
          return this.#outcome(known, 'certificate', outcome)
        }
        if (proof.form !== 'password') return outcome
        return this.#outcome(
          await this.#known.byPassword(user, wholeName, proof.password),
          'password',
          outcome,
        )
      default:
        if (BARS.has(outcome.kind)) this.#known.gone(user, wholeName)
        if (PASSWORD_BARS.has(outcome.kind)) this.#known.passwordGone(user, wholeName)
        return outcome
    }
  }

  #outcome(
    answer: OfflineAnswer,
    by: 'password' | 'certificate',
    unavailable: Extract<AuthenticationOutcome, { kind: 'unavailable' }>,
  ): AuthenticationOutcome {
    if (answer.kind === 'nothing') {
      return { ...unavailable, why: `${unavailable.why}; nothing stands in for it: ${answer.why}` }
    }
    this.#served(by)
    return { kind: 'authenticated', user: answer.user }
  }
}
