import { isSameDn } from '@sallyport/ldap'
import type { LdapSourceConfiguration } from '../../config/schema.ts'
import { isBlank } from '../local/password.ts'
import { type SourceShield, UNSHIELDED, unseenAccount } from '../shield/source-shield.ts'
import type {
  Asked,
  AuthenticationOutcome,
  EarlierProof,
  IdentitySource,
  Proof,
  ProofForm,
} from '../source.ts'
import { LDAP_FORMS, LDAP_SIMPLE_FORMS } from '../source-forms.ts'
import type { AccountLookup, DirectoryAccount, FoundAccount } from './account-lookup.ts'
import { certificateFault } from './active-directory/certificate-fault.ts'
import { bindName, isDnTemplate } from './bind-name.ts'
import type { Directory, DirectorySearch, LdapRefusal } from './directory.ts'
import type { DirectoryType } from './directory-type.ts'

export interface LdapSourceParts {
  readonly settings: LdapSourceConfiguration
  readonly directory: Directory
  readonly type: DirectoryType
  /** By the service account; default: what `type` makes. */
  readonly lookup?: AccountLookup
  readonly shield?: SourceShield
}

/** For other attempts at the same account, whose outcome may have decided this one. */
const WAITED_TOO_LONG: AuthenticationOutcome = {
  kind: 'unavailable',
  why: 'the attempts before it took all the time',
  isUnasked: true,
}

type Named = Pick<Asked, 'wholeName' | 'isOwnName'>
type CertificateProof = Extract<Proof, { form: 'certificate' }>

/** Longer than any directory keeps (Active Directory: 256 characters): no bind is spent on it. */
const PASSWORD_OCTETS = 1024

/**
 * Users of an LDAP directory. regular, anonymous: find the user, then bind as what was found. simple: bind as the template
 * says, then look the user up on that very connection. A password is proved by nothing but the success of that bind.
 */
export class LdapSource implements IdentitySource {
  readonly name: string
  readonly kind = 'ldap'
  readonly forms: ReadonlySet<ProofForm>
  /** bindMode simple: an account is seen only with its password. */
  readonly resolve?: NonNullable<IdentitySource['resolve']>
  readonly byId?: NonNullable<IdentitySource['byId']>
  readonly #settings: LdapSourceConfiguration
  readonly #directory: Directory
  readonly #type: DirectoryType
  readonly #lookup: AccountLookup
  readonly #shield: SourceShield

  constructor({ settings, directory, type, lookup, shield = UNSHIELDED }: LdapSourceParts) {
    this.name = settings.name
    this.forms = settings.bindMode === 'simple' ? LDAP_SIMPLE_FORMS : LDAP_FORMS
    this.#settings = settings
    this.#directory = directory
    this.#type = type
    this.#lookup = lookup ?? type.lookup(settings, directory)
    this.#shield = shield
    if (settings.bindMode === 'simple') return
    this.resolve = (user, earlier, asked) => this.#resolve(user, asked, earlier)
    this.byId = (id) => this.#byId(id)
  }

  async authenticate(user: string, proof: Proof, asked: Asked): Promise<AuthenticationOutcome> {
    if (!this.forms.has(proof.form)) return { kind: 'form-unsupported', form: proof.form }
    switch (proof.form) {
      case 'password':
        return await this.#byPassword(user, proof.password, asked)
      case 'certificate':
        return await this.#byCertificate(user, asked, proof)
      default:
        return { kind: 'form-unsupported', form: proof.form }
    }
  }

  async #byPassword(user: string, password: Uint8Array, asked: Asked): Promise<AuthenticationOutcome> {
    // Before anything is sent: a bind with an empty password succeeds for everybody (RFC 4513 section 5.1.2).
    if (isBlank(password)) return { kind: 'empty-password' }
    // To a server written in C the password may end at a NUL, and an empty one is not far.
    if (password.includes(0) || password.length > PASSWORD_OCTETS) return { kind: 'wrong-password' }
    const end = performance.now() + this.#settings.deadlineMilliseconds
    if (this.#settings.bindMode === 'simple') return await this.#simple(user, password, asked, end)
    const { wholeName } = asked
    const found = await this.#inTime(this.#lookup.byName(user, wholeName), end)
    if (found.kind !== 'found') return this.#unfound(found)
    const { account } = found
    const fresh = (): Promise<FoundAccount> =>
      this.#inTime(this.#lookup.byName(user, wholeName, { isFresh: true }), end)
    const refresh = async (): Promise<DirectoryAccount | undefined> => {
      const now = await fresh()
      return now.kind === 'found' ? now.account : undefined
    }
    return await this.#shield.attempt({ account, asked, password, refresh }, async () => {
      if (performance.now() >= end) return WAITED_TOO_LONG
      const bound = await this.#directory.bind(account.dn, password, end - performance.now())
      if (bound.kind === 'unavailable') return bound
      if (bound.kind === 'refused') return await this.#refused(bound, account, password, fresh, end)
      const outcome = entering(account, 'password')
      if (outcome.kind === 'authenticated' || account.user.lookup === 'live') return outcome
      // The directory took the password: what was kept against the account may be cured meanwhile.
      const now = await fresh()
      return now.kind === 'found' ? entering(now.account, 'password') : this.#unfound(now)
    })
  }

  /** What was kept of the account may be old: one that was moved since has the right password under another DN. */
  async #refused(
    refusal: LdapRefusal,
    account: DirectoryAccount,
    password: Uint8Array,
    fresh: () => Promise<FoundAccount>,
    end: number,
  ): Promise<AuthenticationOutcome> {
    if (account.user.lookup !== 'cached') return this.#type.refusedBind(refusal, account)
    const now = await fresh()
    if (now.kind === 'not-found' || now.kind === 'outside-group') return this.#unfound(now)
    if (now.kind !== 'found') return this.#type.refusedBind(refusal, account)
    if (now.account.dn === account.dn) return this.#type.refusedBind(refusal, now.account)
    const bound = await this.#directory.bind(now.account.dn, password, end - performance.now())
    if (bound.kind === 'unavailable') return bound
    if (bound.kind === 'refused') return this.#type.refusedBind(bound, now.account)
    return entering(now.account, 'password')
  }

  /** The user is looked up as the user: nobody else is known to the directory. */
  async #simple(
    user: string,
    password: Uint8Array,
    asked: Asked,
    end: number,
  ): Promise<AuthenticationOutcome> {
    const name = bindName(this.#settings.userDn ?? '', user)
    if (name === undefined) return { kind: 'not-found' }
    const ask = (as: DirectorySearch): Promise<FoundAccount> =>
      this.#inTime(this.#boundAccount(as, name, user, asked.wholeName), end)
    const account = unseenAccount(this.name, name, user)
    return await this.#shield.attempt({ account, asked, password }, async () => {
      if (performance.now() >= end) return WAITED_TOO_LONG
      const bound = await this.#directory.asUser(name, password, ask, end - performance.now())
      if (bound.kind === 'unavailable') return bound
      if (bound.kind === 'refused') return this.#type.refusedBind(bound, undefined)
      const found = bound.answer
      if (found.kind !== 'found') return this.#unfound(found)
      const outcome = entering(found.account, 'password')
      return outcome.kind === 'authenticated' ? { ...outcome, isProvedOnce: true } : outcome
    })
  }

  /** The account of the name, if it is the one that was bound: a template may lead to another one than the search. */
  async #boundAccount(
    as: DirectorySearch,
    name: string,
    user: string,
    wholeName: string,
  ): Promise<FoundAccount> {
    const found = await this.#type.lookup(this.#settings, as).byName(user, wholeName)
    if (found.kind !== 'found') return found
    const { account } = found
    const isBound = isDnTemplate(this.#settings.userDn ?? '')
      ? isSameDn(name, account.dn)
      : await this.#type.isBoundAs(as, account)
    return isBound ? found : { kind: 'ambiguous', accounts: [name, account.dn] }
  }

  async #byCertificate(user: string, asked: Named, proof: CertificateProof): Promise<AuthenticationOutcome> {
    const found = await this.#lookUp(user, asked, false)
    if (found.kind !== 'found') return this.#unfound(found)
    const { account } = found
    if (proof.holder !== undefined && proof.holder !== account.user.id) return { kind: 'other-holder' }
    const fault = account.binding && certificateFault(proof.names, account.binding)
    return fault ?? entering(account, 'certificate')
  }

  /** The account as it is now; it proved itself earlier. */
  async #resolve(user: string, asked: Named, earlier: EarlierProof): Promise<AuthenticationOutcome> {
    const found = await this.#lookUp(user, asked, true)
    if (found.kind !== 'found') return this.#unfound(found)
    const { account } = found
    const { passwordSetAt } = account
    if (earlier.by === 'password' && passwordSetAt !== undefined && passwordSetAt > earlier.at) {
      return { kind: 'password-changed', since: new Date(passwordSetAt).toISOString() }
    }
    return entering(account, earlier.by)
  }

  async #byId(id: string): Promise<AuthenticationOutcome> {
    const own = `${this.name}/`
    if (!id.startsWith(own)) return { kind: 'not-found' }
    const end = performance.now() + this.#settings.deadlineMilliseconds
    const found = await this.#inTime(this.#lookup.byId(id.slice(own.length)), end)
    if (found.kind !== 'found') return this.#unfound(found)
    // A server that answered with another account is believed nothing.
    if (found.account.user.id !== id) return { kind: 'not-found' }
    return entering(found.account, 'certificate')
  }

  async #lookUp(user: string, asked: Named, isFresh: boolean): Promise<FoundAccount> {
    const { wholeName, isOwnName = false } = asked
    const end = performance.now() + this.#settings.deadlineMilliseconds
    return await this.#inTime(this.#lookup.byName(user, wholeName, { isFresh, isOwnName }), end)
  }

  #unfound(found: Exclude<FoundAccount, { kind: 'found' }>): AuthenticationOutcome {
    if (found.kind !== 'outside-group') return found
    return { kind: 'outside-group', group: this.#settings.groupDn ?? '' }
  }

  /** All questions of one login together have one deadline; what comes later is nobody's. */
  #inTime(found: Promise<FoundAccount>, end: number): Promise<FoundAccount> {
    const milliseconds = this.#settings.deadlineMilliseconds
    return new Promise((resolve, reject) => {
      const why = `no answer to all questions of a login within ${milliseconds} ms`
      const timer = setTimeout(
        () => resolve({ kind: 'unavailable', why }),
        Math.max(1, end - performance.now()),
      )
      found.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  }
}

function entering(
  { user, barred, passwordBarred }: DirectoryAccount,
  by: EarlierProof['by'],
): AuthenticationOutcome {
  return barred ?? (by === 'password' ? passwordBarred : undefined) ?? { kind: 'authenticated', user }
}
