import { createHmac, randomBytes } from 'node:crypto'
import { toUtf8 } from '@sallyport/bytes'
import type { DirectoryOfflineConfiguration } from '../../config/sections/sources/directory-offline.ts'
import { hashArgon2id, matchesArgon2id, parseArgon2id } from '../../kernel/argon2id.ts'
import type { Clock } from '../../kernel/clock.ts'
import { type DirectoryWord, foldedName } from '../ldap/cached-account-lookup.ts'
import type { WorkLimit } from '../local/work-limit.ts'
import type { IdentifiedUser, Proof } from '../source.ts'
import type { KnownAccount, KnownChange, KnownName, SaidOf, ToldAccount } from './known-account.ts'
import type { KnownAccountStore, VerifierAnswer } from './known-account-store.ts'

/** The store thread's, through kernel/rpc.ts. */
export type KnownAccountOwner = Pick<KnownAccountStore, 'change' | 'find' | 'guess' | 'guessedRight'>

export interface KnownAccountsParts {
  readonly owner: KnownAccountOwner
  /** `KnownName.place` of the source. */
  readonly place: string
  readonly settings: DirectoryOfflineConfiguration
  readonly clock: Clock
  /** Of hashing and checking passwords: one limit for all sources of a thread. */
  readonly hashing: WorkLimit
  readonly checking: WorkLimit
  readonly failed: (error: unknown) => void
}

/** An account as this thread told the owner last. */
interface Told {
  account: ToldAccount
  /** What the account said, without its times. */
  text: string
  provedAt: number
  readonly certificates: Set<string>
  password?: { readonly mark: string; readonly verifier: string; readonly toldAt: number }
  /** Mark of the password that is being hashed, while the directory has said nothing against it. */
  hashing?: string
}

/** What may stand in for the directory, or why nothing does. */
export type OfflineAnswer =
  | { readonly kind: 'known'; readonly user: IdentifiedUser }
  | { readonly kind: 'nothing'; readonly why: string }

type CertificateProof = Extract<Proof, { form: 'certificate' }>

const HOUR = 3_600_000
/** What did not change is told again after this long, so that it does not age. */
const TELL_AGAIN_MILLISECONDS = 10 * 60_000
const MOST_TOLD = 20_000
/** The store thread answers in a fraction of it; where its database is away nobody waits longer. */
const ASK_MILLISECONDS = 500
/** More devices of one user than that are told again each time. */
const MOST_CERTIFICATES = 8

/** A thread's side of what is known of one directory's accounts: tells the owner what was heard, and asks it in an outage. */
export class KnownAccounts {
  readonly #parts: KnownAccountsParts
  readonly #told = new Map<string, Told>()
  /** Tells whether a password is the one that was hashed, without hashing it again. Dies with the process. */
  readonly #markKey = randomBytes(32)

  constructor(parts: KnownAccountsParts) {
    this.#parts = parts
  }

  /** What the directory said at a look-up. */
  learned(user: string, wholeName: string, word: DirectoryWord): void {
    if (word.kind !== 'found' || word.account.barred !== undefined) {
      this.gone(user, wholeName, word.kind === 'found' ? word.account.user.id : undefined)
      return
    }
    const { passwordStamp, goodUntil, user: found } = word.account
    const { lookup: _, ...facts } = found
    const [now, key] = [this.#parts.clock.now(), keyOf(user, wholeName)]
    const account: ToldAccount = {
      ...{ user: facts, saidAt: now, keepUntil: now + this.#longest * HOUR },
      ...(passwordStamp !== undefined && { passwordStamp }),
      ...(goodUntil !== undefined && { goodUntil }),
    }
    const isBarred = word.account.passwordBarred !== undefined
    const text = JSON.stringify([facts, passwordStamp, goodUntil, isBarred])
    const told = this.#told.get(key)
    if (told === undefined) {
      this.#keep(key, { account, text, provedAt: Number.NEGATIVE_INFINITY, certificates: new Set() })
    } else {
      if (told.account.passwordStamp !== passwordStamp) forgetPassword(told)
      const isNews = told.text !== text || now - told.account.saidAt >= TELL_AGAIN_MILLISECONDS
      if (!isNews) return
      Object.assign(told, { account, text })
    }
    if (this.#longest > 0) this.#tell({ kind: 'told', name: this.#name(key), account })
    if (isBarred) this.passwordGone(user, wholeName)
  }

  /** A login that the directory's own word let in. */
  proved(user: string, wholeName: string, proof: Proof): void {
    const key = keyOf(user, wholeName)
    const told = this.#told.get(key)
    // Without the directory's word on the account there is nothing to keep; it comes with the next look-up.
    if (told === undefined || this.#longest === 0) return
    const now = this.#parts.clock.now()
    const certificate = proof.form === 'certificate' ? proof.fingerprint : undefined
    const isNew = certificate !== undefined && !told.certificates.has(certificate)
    if (isNew || now - told.provedAt >= TELL_AGAIN_MILLISECONDS) {
      told.provedAt = now
      if (certificate !== undefined) remember(told.certificates, certificate)
      const change = { kind: 'proved', name: this.#name(key), account: told.account } as const
      this.#tell(certificate === undefined ? change : { ...change, certificate })
    }
    if (proof.form === 'password') this.#keepPassword(key, told, proof.password)
  }

  /**
   * The directory bars the account, or does not know it.
   *
   * @param id of the account; default: the one that had the name
   */
  gone(user: string, wholeName: string, id?: string): void {
    const key = keyOf(user, wholeName)
    const account = this.#saidOf(id ?? this.#told.get(key)?.account.user.id)
    this.#told.delete(key)
    this.#tell({ kind: 'gone', name: this.#name(key), ...account })
  }

  /** No password lets the account in any more, not even the right one. */
  passwordGone(user: string, wholeName: string): void {
    const key = keyOf(user, wholeName)
    const told = this.#told.get(key)
    if (told !== undefined) forgetPassword(told)
    this.#tell({ kind: 'password-gone', name: this.#name(key) })
  }

  /** The directory refused a password: where it is the one that was kept, it is the right one no more. */
  refused(user: string, wholeName: string, password: Uint8Array): void {
    const key = keyOf(user, wholeName)
    const told = this.#told.get(key)
    const mark = this.#mark(key, password)
    if (told?.password?.mark === mark || told?.hashing === mark) this.passwordGone(user, wholeName)
  }

  async byCertificate(user: string, wholeName: string, proof: CertificateProof): Promise<OfflineAnswer> {
    const answer = await this.bySession(user, wholeName)
    if (answer.kind === 'nothing') return answer
    const { certificates } = answer.account
    // Which account a certificate belongs to is the directory's to say: it must have said so of this one.
    if (!certificates.includes(proof.fingerprint)) return nothing('it never saw this certificate')
    if (proof.holder !== undefined && proof.holder !== answer.user.id) {
      return nothing('the certificate was issued to another account')
    }
    return answer
  }

  /** For a session by certificate that is resumed: its full login was told apart already. */
  async bySession(
    user: string,
    wholeName: string,
  ): Promise<Exclude<OfflineAnswer, { kind: 'known' }> | Known> {
    const { settings, owner } = this.#parts
    if (settings.certificateHours === 0) return nothing('offline.certificateHours is 0')
    const account = await this.#soon(owner.find(this.#name(keyOf(user, wholeName))))
    if (account === undefined) return nothing('nothing is known of the account')
    return this.#stillGood(account, account.saidAt, settings.certificateHours)
  }

  async byPassword(user: string, wholeName: string, password: Uint8Array): Promise<OfflineAnswer> {
    const { settings, owner, checking } = this.#parts
    if (settings.passwordHours === 0) return nothing('offline.passwordHours is 0')
    if (password.length === 0) return nothing('the password is empty')
    const name = this.#name(keyOf(user, wholeName))
    const known: VerifierAnswer | undefined = await this.#soon(owner.guess(name))
    if (known === undefined || known === 'unknown') return nothing('no password of the account is known')
    if (known === 'too-many-guesses') return nothing('too many wrong passwords were tried meanwhile')
    const verifier = known.password && parseArgon2id(known.password.verifier)
    if (known.password === undefined || verifier === undefined) return nothing('no password is known')
    const good = this.#stillGood(known, known.password.takenAt, settings.passwordHours)
    if (good.kind === 'nothing') return good
    const check = checking.run(() => matchesArgon2id(password, verifier))
    if (check === undefined) return nothing('too many passwords are being checked')
    if (!(await check)) return nothing('the password is not the last one it took, which proves nothing')
    this.#unheard(owner.guessedRight(name))
    return good
  }

  #stillGood(account: KnownAccount, since: number, hours: number): Known | Nothing {
    const now = this.#parts.clock.now()
    // A clock that was set back makes nothing younger than it is.
    if (Math.abs(now - since) >= hours * HOUR) return nothing('what is known of the account is too old')
    if (account.goodUntil !== undefined && now >= account.goodUntil) {
      return nothing('the account may have expired meanwhile')
    }
    return { kind: 'known', account, user: { ...account.user, lookup: 'offline' } }
  }

  #keepPassword(key: string, told: Told, password: Uint8Array): void {
    const { settings, clock, hashing } = this.#parts
    const text = toUtf8(password)
    if (settings.passwordHours === 0 || text === undefined || password.length === 0) return
    const mark = this.#mark(key, password)
    const known = told.password
    if (told.hashing === mark) return
    if (known?.mark === mark) {
      if (clock.now() - known.toldAt >= TELL_AGAIN_MILLISECONDS) this.#tellPassword(key, told, known)
      return
    }
    const takenAt = clock.now()
    // Where too many wait, another login of the same user will do.
    const hashed = hashing.run(() => hashArgon2id(text))
    if (hashed === undefined) return
    told.hashing = mark
    this.#unheard(
      hashed.then((verifier) => {
        if (this.#told.get(key) !== told || told.hashing !== mark) return
        delete told.hashing
        this.#tellPassword(key, told, { mark, verifier }, takenAt)
      }),
    )
  }

  #tellPassword(
    key: string,
    told: Told,
    { mark, verifier }: { readonly mark: string; readonly verifier: string },
    takenAt = this.#parts.clock.now(),
  ): void {
    told.password = { mark, verifier, toldAt: takenAt }
    const { passwordStamp } = told.account
    this.#tell({ kind: 'password', name: this.#name(key), password: { verifier, takenAt }, passwordStamp })
  }

  #saidOf(id: string | undefined): { account: SaidOf } | undefined {
    return id === undefined ? undefined : { account: { id, saidAt: this.#parts.clock.now() } }
  }

  get #longest(): number {
    return Math.max(this.#parts.settings.certificateHours, this.#parts.settings.passwordHours)
  }

  #name(key: string): KnownName {
    return { place: this.#parts.place, key }
  }

  #mark(key: string, password: Uint8Array): string {
    return createHmac('sha256', this.#markKey).update(`${key}\0`).update(password).digest('base64')
  }

  /** One way: nobody waits for it. All that one turn of the event loop tells travels together. */
  #tell(change: KnownChange): void {
    this.#unheard(this.#parts.owner.change([change]))
  }

  #unheard(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#parts.failed(error))
  }

  async #soon<T>(answer: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ASK_MILLISECONDS)
    })
    try {
      return await Promise.race([answer, late])
    } catch (error) {
      this.#parts.failed(error)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  #keep(key: string, told: Told): void {
    if (this.#told.size >= MOST_TOLD) {
      for (const oldest of this.#told.keys()) if (this.#told.delete(oldest)) break
    }
    this.#told.set(key, told)
  }
}

type Nothing = Extract<OfflineAnswer, { kind: 'nothing' }>

interface Known {
  readonly kind: 'known'
  readonly user: IdentifiedUser
  readonly account: KnownAccount
}

function nothing(why: string): Nothing {
  return { kind: 'nothing', why }
}

function keyOf(user: string, wholeName: string): string {
  return `${foldedName(user)}\0${foldedName(wholeName)}`
}

function forgetPassword(told: Told): void {
  delete told.password
  delete told.hashing
}

function remember(certificates: Set<string>, certificate: string): void {
  if (certificates.size >= MOST_CERTIFICATES) certificates.clear()
  certificates.add(certificate)
}
