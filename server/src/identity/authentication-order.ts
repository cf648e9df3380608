import type { RealmSettings, RealmTable } from './realms.ts'
import type {
  Asked,
  AuthenticationOutcome,
  EarlierProof,
  IdentitySource,
  MaybePromise,
  PasswordChange,
  Proof,
} from './source.ts'
import type { NameFault } from './user-name.ts'

/** One source's word, for the receipt. */
export interface SourceTried {
  readonly source: string
  readonly outcome: AuthenticationOutcome
}

/** What the order came to, and how. `realm` and `user` are absent only where the name itself was refused. */
export interface Authentication {
  readonly outcome: AuthenticationOutcome | NameOutcome
  /** The configured name of the realm; where it is unknown, the realm as the peer wrote it. */
  readonly realm?: string
  /** The name without realm, in NFC. */
  readonly user?: string
  readonly tried: readonly SourceTried[]
}

/** Outcomes of the name alone: no source was asked. */
export type NameOutcome =
  | { readonly kind: 'realm-unknown'; readonly realm: string }
  | { readonly kind: 'name-refused'; readonly fault: NameFault }
  /** Another server is asked about this realm, with whole conversations and not from inside of ours. */
  | { readonly kind: 'realm-proxied'; readonly realm: string }

/** The device a login comes from, where one does. */
export type Device = Omit<Asked, 'wholeName'>

type CertificateProof = Extract<Proof, { form: 'certificate' }>

type Question = (source: IdentitySource, user: string) => MaybePromise<AuthenticationOutcome>

/** Told when a source threw: the cause belongs in the log, the outcome is *unavailable*. */
export type SourceFailed = (source: string, error: unknown) => void

/**
 * Tries the sources of a realm in their order. *Not found* goes on to the next source; *unavailable* goes on too, and
 * is the outcome when no later source knew the user: a user that could not be looked up is never called unknown.
 * Every other word is final - above all a wrong password, or each source would grant one more guess.
 */
export class AuthenticationOrder {
  readonly #realms: RealmTable
  readonly #sources: ReadonlyMap<string, IdentitySource>
  readonly #failed: SourceFailed

  constructor(realms: RealmTable, sources: Iterable<IdentitySource>, failed: SourceFailed) {
    this.#realms = realms
    this.#sources = new Map([...sources].map((source) => [source.name, source]))
    this.#failed = failed
  }

  /** Answers at once where every asked source did. */
  authenticate(userName: string, proof: Proof, device: Device = {}): MaybePromise<Authentication> {
    const asked = { wholeName: userName, ...device }
    return this.#ask(userName, (source, user) => source.authenticate(user, proof, asked))
  }

  /** RFC 2759 section 7, after a source answered that the password is expired or must be changed. */
  changePassword(
    userName: string,
    change: PasswordChange,
    device: Device = {},
  ): MaybePromise<Authentication> {
    const asked = { wholeName: userName, ...device }
    return this.#ask(userName, (source, user) => {
      if (source.changePassword !== undefined) return source.changePassword(user, change, asked)
      return { kind: 'change-refused', why: `source '${source.name}' cannot change passwords` }
    })
  }

  /** Looks the user up again without a proof, for a session that is resumed. */
  resolve(userName: string, earlier: EarlierProof): MaybePromise<Authentication> {
    return this.#ask(userName, (source, user) => source.resolve(user, earlier))
  }

  /** An account that proved itself earlier, by the realm and name its receipt keeps, as it stands now. */
  standing(
    realm: string,
    user: string,
    proof: EarlierProof | CertificateProof,
  ): MaybePromise<Authentication> {
    const found = this.#realms.named(realm)
    if (found === undefined) return { outcome: { kind: 'realm-unknown', realm }, realm, user, tried: [] }
    return this.#askIn(found, user, (source) =>
      'form' in proof ? source.authenticate(user, proof, { wholeName: user }) : source.resolve(user, proof),
    )
  }

  #ask(userName: string, question: Question): MaybePromise<Authentication> {
    const choice = this.#realms.choose(userName)
    switch (choice.kind) {
      case 'name-refused':
        return { outcome: choice, tried: [] }
      case 'realm-unknown': {
        const { user, realm } = choice
        return { outcome: { kind: 'realm-unknown', realm }, realm, user, tried: [] }
      }
      case 'realm':
        return this.#askIn(choice.realm, choice.user, question)
    }
  }

  #askIn(realm: RealmSettings, user: string, question: Question): MaybePromise<Authentication> {
    if (realm.sources.length > 0) return this.#next(realm, user, question, [])
    return { outcome: { kind: 'realm-proxied', realm: realm.name }, realm: realm.name, user, tried: [] }
  }

  /** Asks the source after those in `tried`; recursion instead of a loop, so that only a promise makes a promise. */
  #next(
    realm: RealmSettings,
    user: string,
    question: Question,
    tried: SourceTried[],
  ): MaybePromise<Authentication> {
    const name = realm.sources[tried.length]
    if (name === undefined) return conclude(realm, user, tried, nobodyKnew(tried))
    const heard = (outcome: AuthenticationOutcome): MaybePromise<Authentication> => {
      tried.push({ source: name, outcome })
      const goesOn = outcome.kind === 'not-found' || outcome.kind === 'unavailable'
      return goesOn ? this.#next(realm, user, question, tried) : conclude(realm, user, tried, outcome)
    }
    const answer = this.#answerOf(name, user, question)
    return answer instanceof Promise ? answer.then(heard) : heard(answer)
  }

  #answerOf(name: string, user: string, question: Question): MaybePromise<AuthenticationOutcome> {
    const source = this.#sources.get(name)
    if (source === undefined) return { kind: 'unavailable', why: 'the source is not configured' }
    const broken = (error: unknown): AuthenticationOutcome => {
      this.#failed(name, error)
      return { kind: 'unavailable', why: 'the source failed' }
    }
    try {
      const answer = question(source, user)
      return answer instanceof Promise ? answer.catch(broken) : answer
    } catch (error) {
      return broken(error)
    }
  }
}

function nobodyKnew(tried: readonly SourceTried[]): AuthenticationOutcome {
  const silent = tried.find(({ outcome }) => outcome.kind === 'unavailable')
  return silent?.outcome ?? { kind: 'not-found' }
}

function conclude(
  realm: RealmSettings,
  user: string,
  tried: readonly SourceTried[],
  outcome: AuthenticationOutcome,
): Authentication {
  return { outcome, realm: realm.name, user, tried }
}
