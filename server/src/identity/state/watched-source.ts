import type {
  Asked,
  AuthenticationOutcome,
  IdentitySource,
  MaybePromise,
  PasswordChange,
  Proof,
  ProofForm,
} from '../source.ts'
import type { SourceStates } from './source-states.ts'
import { waited } from './waited.ts'

/** A source whose own answers tell its state: one that asks another server about each proof. */
export class WatchedSource implements IdentitySource {
  readonly name: string
  readonly kind: IdentitySource['kind']
  readonly forms: ReadonlySet<ProofForm>
  readonly changePassword?: NonNullable<IdentitySource['changePassword']>
  readonly resolve?: NonNullable<IdentitySource['resolve']>
  readonly byId?: NonNullable<IdentitySource['byId']>
  readonly #inner: IdentitySource
  readonly #states: SourceStates
  readonly #watched: ReadonlySet<ProofForm>

  /** @param watched forms the source has checked itself; the others are another source's to tell */
  constructor(inner: IdentitySource, states: SourceStates, watched = inner.forms) {
    this.#inner = inner
    this.#states = states
    this.#watched = watched
    this.name = inner.name
    this.kind = inner.kind
    this.forms = inner.forms
    const { changePassword, resolve, byId } = inner
    if (changePassword !== undefined) {
      this.changePassword = (user: string, change: PasswordChange, asked: Asked) =>
        this.#watch(() => changePassword.call(inner, user, change, asked))
    }
    // Without a proof nothing was asked that tells the state: at most a directory, which tells its own.
    if (resolve !== undefined) {
      this.resolve = resolve.bind(inner)
    }
    if (byId !== undefined) this.byId = byId.bind(inner)
    states.of(inner.name)
  }

  authenticate(user: string, proof: Proof, asked: Asked): MaybePromise<AuthenticationOutcome> {
    const question = () => this.#inner.authenticate(user, proof, asked)
    return this.#watched.has(proof.form) ? this.#watch(question) : question()
  }

  #watch(question: () => MaybePromise<AuthenticationOutcome>): Promise<AuthenticationOutcome> {
    const from = performance.now()
    return this.#states.watch(
      this.name,
      async () => waited(await question(), from),
      (outcome) => {
        if (isUnasked(outcome)) return undefined
        if (outcome.kind !== 'unavailable') return { answered: true }
        return { answered: false, why: outcome.why, servers: outcome.servers }
      },
    )
  }
}

/** The lock-out shield answered, or nobody. */
function isUnasked(outcome: AuthenticationOutcome): boolean {
  switch (outcome.kind) {
    case 'held-back':
      return true
    case 'wrong-password':
      return outcome.repeatedBy !== undefined
    case 'unavailable':
      return outcome.isUnasked === true
    default:
      return false
  }
}
