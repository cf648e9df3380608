import { type GoingOn, goesOn, type SourceTried, settle } from './going-on.ts'
import type { RealmSettings, RealmTable } from './realms.ts'
import type {
  Asked,
  AuthenticationOutcome,
  EarlierProof,
  IdentitySource,
  MaybePromise,
  PasswordChange,
  Proof,
  ProofForm,
} from './source.ts'
import type { NameFault } from './user-name.ts'

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

/** The device a login comes from, where one does, and how it is asked about. */
export type Device = Pick<Asked, 'client' | 'station' | 'isLiveOnly'>

type CertificateProof = Extract<Proof, { form: 'certificate' }>

type Answer = MaybePromise<AuthenticationOutcome>

/** `passOver`: the word of a source that need not be asked, because its answer is no for every user. */
interface Question {
  readonly passOver?: (source: IdentitySource) => AuthenticationOutcome | undefined
  readonly ask: (source: IdentitySource, user: string) => Answer
}

/** Told when a source threw: the cause belongs in the log, the outcome is *unavailable*. */
export type SourceFailed = (source: string, error: unknown) => void

/**
 * Tries the sources of a realm in their order. *Not found* goes on to the next source; *wrong password* and *unavailable*
 * go on or end it as each source is configured; every other word is final. `settle` says what the words come to.
 */
export class AuthenticationOrder {
  readonly #realms: RealmTable
  readonly #sources: ReadonlyMap<string, IdentitySource>
  readonly #failed: SourceFailed
  readonly #goingOn: ReadonlyMap<string, GoingOn>

  /** @param goingOn of sources by name; one that is not there stops at a wrong password and goes on from silence */
  constructor(
    realms: RealmTable,
    sources: Iterable<IdentitySource>,
    failed: SourceFailed,
    goingOn: Iterable<GoingOn> = [],
  ) {
    this.#realms = realms
    this.#sources = new Map([...sources].map((source) => [source.name, source]))
    this.#failed = failed
    this.#goingOn = new Map([...goingOn].map((settings) => [settings.name, settings]))
  }

  /** Answers at once where every asked source did. */
  authenticate(userName: string, proof: Proof, device: Device = {}): MaybePromise<Authentication> {
    const asked = { wholeName: userName, ...device }
    return this.#ask(userName, {
      passOver: (source) => cannotCheck(source, proof.form),
      ask: (source, user) => source.authenticate(user, proof, asked),
    })
  }

  /**
   * RFC 2759 section 7, after a source answered that the password is expired or must be changed. The request proves the
   * old password, so it goes the way of a login, past sources that cannot change passwords.
   */
  changePassword(
    userName: string,
    change: PasswordChange,
    device: Device = {},
  ): MaybePromise<Authentication> {
    const asked = { wholeName: userName, ...device }
    return this.#ask(userName, {
      passOver: (source) => cannotCheck(source, 'mschapv2') ?? cannotChange(source),
      ask: (source, user) => source.changePassword?.(user, change, asked) ?? CANNOT_CHANGE,
    })
  }

  /** Looks the user up again without a proof, for a session that is resumed: in `earlier.source`, which knew the user. */
  resolve(
    userName: string,
    earlier: EarlierProof,
    how: Pick<Asked, 'isLiveOnly'> = {},
  ): MaybePromise<Authentication> {
    return this.#ask(userName, lookUp(earlier, { wholeName: userName, ...how }), earlier.source)
  }

  /**
   * The account of this id as it stands now, whatever it is called. An id is of one source, so no other can know it
   * better; where none knows it and one was silent, nobody can say that it is gone.
   */
  async byId(id: string): Promise<Authentication> {
    const tried: SourceTried[] = []
    const reached = new Set(this.#realms.all.flatMap(({ sources }) => sources))
    for (const name of reached) {
      const source = this.#sources.get(name)
      if (source?.byId === undefined) {
        if (id.startsWith(`${name}/`))
          tried.push({ source: name, outcome: TELLS_NOTHING, isPassedOver: true })
        continue
      }
      const ask = (asked: IdentitySource): Answer => asked.byId?.(id) ?? TELLS_NOTHING
      const outcome = await this.#answerOf(source, ask)
      tried.push({ source: name, outcome })
      if (outcome.kind !== 'not-found' && outcome.kind !== 'unavailable') return { outcome, tried }
    }
    return { outcome: settle(tried, false), tried }
  }

  /**
   * An account that proved itself earlier, by the realm and name its receipt keeps, as it stands now.
   *
   * @param source which let it in: the others are not asked, while the realm still has it
   */
  standing(
    realm: string,
    user: string,
    proof: EarlierProof | CertificateProof,
    source?: string,
  ): MaybePromise<Authentication> {
    const found = this.#realms.named(realm)
    if (found === undefined) return { outcome: { kind: 'realm-unknown', realm }, realm, user, tried: [] }
    const question: Question =
      'form' in proof
        ? {
            passOver: (asked) => cannotCheck(asked, proof.form),
            ask: (asked) => asked.authenticate(user, proof, { wholeName: user, isOwnName: true }),
          }
        : lookUp(proof, { wholeName: user, isOwnName: true })
    return this.#askIn(found, user, question, source)
  }

  #ask(userName: string, question: Question, only?: string): MaybePromise<Authentication> {
    const choice = this.#realms.choose(userName)
    switch (choice.kind) {
      case 'name-refused':
        return { outcome: choice, tried: [] }
      case 'realm-unknown': {
        const { user, realm } = choice
        return { outcome: { kind: 'realm-unknown', realm }, realm, user, tried: [] }
      }
      case 'realm':
        return this.#askIn(choice.realm, choice.user, question, only)
    }
  }

  #askIn(
    realm: RealmSettings,
    user: string,
    question: Question,
    only?: string,
  ): MaybePromise<Authentication> {
    const { name, sources } = realm
    if (sources.length === 0)
      return { outcome: { kind: 'realm-proxied', realm: name }, realm: name, user, tried: [] }
    const asked = only !== undefined && sources.includes(only) ? [only] : sources
    return this.#next({ realm: name, sources: asked, user, question, tried: [] })
  }

  /** Asks the source after those in `tried`; recursion instead of a loop, so that only a promise makes a promise. */
  #next(run: Run): MaybePromise<Authentication> {
    const name = run.sources[run.tried.length]
    if (name === undefined) return conclude(run, false)
    const heard = (outcome: AuthenticationOutcome, isPassedOver = false): MaybePromise<Authentication> => {
      const word: SourceTried = { source: name, outcome, ...(isPassedOver && { isPassedOver }) }
      run.tried.push(word)
      return goesOn(word, this.#goingOn.get(name)) ? this.#next(run) : conclude(run, true)
    }
    const source = this.#sources.get(name)
    if (source === undefined) return heard({ kind: 'unavailable', why: 'the source is not configured' })
    const refusal = run.question.passOver?.(source)
    if (refusal !== undefined) return heard(refusal, true)
    const answer = this.#answerOf(source, (asked) => run.question.ask(asked, run.user))
    return answer instanceof Promise ? answer.then((outcome) => heard(outcome)) : heard(answer)
  }

  #answerOf(source: IdentitySource, ask: (source: IdentitySource) => Answer): Answer {
    const broken = (error: unknown): AuthenticationOutcome => {
      this.#failed(source.name, error)
      return { kind: 'unavailable', why: 'the source failed' }
    }
    try {
      const answer = ask(source)
      return answer instanceof Promise ? answer.catch(broken) : answer
    } catch (error) {
      return broken(error)
    }
  }
}

/** One question on its way through the sources. */
interface Run {
  readonly realm: string
  readonly sources: readonly string[]
  readonly user: string
  readonly question: Question
  readonly tried: SourceTried[]
}

const CANNOT_CHANGE: AuthenticationOutcome = {
  kind: 'change-refused',
  why: 'its source cannot change passwords',
}

const TELLS_NOTHING: AuthenticationOutcome = {
  kind: 'unavailable',
  why: 'another server knows the account, and tells only with a proof',
}

function lookUp(
  earlier: EarlierProof,
  name: Pick<Asked, 'wholeName' | 'isOwnName' | 'isLiveOnly'>,
): Question {
  return {
    passOver: (source) => (source.resolve === undefined ? TELLS_NOTHING : undefined),
    ask: (source, user) => source.resolve?.(user, earlier, name) ?? TELLS_NOTHING,
  }
}

function cannotChange(source: IdentitySource): AuthenticationOutcome | undefined {
  return source.changePassword === undefined ? CANNOT_CHANGE : undefined
}

function cannotCheck(source: IdentitySource, form: ProofForm): AuthenticationOutcome | undefined {
  return source.forms.has(form) ? undefined : { kind: 'form-unsupported', form }
}

function conclude({ realm, user, tried }: Run, isFinal: boolean): Authentication {
  return { outcome: settle(tried, isFinal), realm, user, tried }
}
