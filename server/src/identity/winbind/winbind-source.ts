import { challengeHash, withoutDomain } from '@sallyport/mschap'
import type { WinbindSourceConfiguration } from '../../config/schema.ts'
import type { AccountLookup, DirectoryAccount, LookupManner } from '../ldap/account-lookup.ts'
import { type SourceShield, UNSHIELDED } from '../shield/source-shield.ts'
import type {
  Asked,
  AuthenticationOutcome,
  EarlierProof,
  IdentitySource,
  PasswordChange,
  Proof,
} from '../source.ts'
import { WINBIND_FORMS } from '../source-forms.ts'
import { outcomeOfChange, outcomeOfStatus } from './status-outcome.ts'
import type { NtProof, WinbindAccount, WinbindQuestions } from './winbind.ts'

export interface WinbindSourceParts {
  readonly settings: Pick<WinbindSourceConfiguration, 'name' | 'domain' | 'hashedName'>
  /** The ldap source it names: checks passwords by bind, and certificates. */
  readonly directory: IdentitySource
  /** The accounts of that source. */
  readonly accounts: Pick<AccountLookup, 'byName'>
  /** Of that source: users must be found there as well. */
  readonly groupDn: string | undefined
  readonly winbind: WinbindQuestions
  /** Of that source. */
  readonly shield?: SourceShield
}

/** Whose login it is, as it was asked and as the directory knows it. */
interface Login {
  readonly user: string
  readonly asked: Asked
  readonly account: DirectoryAccount
}

type Found = { readonly account: DirectoryAccount } | { readonly outcome: AuthenticationOutcome }

/**
 * Active Directory with the passwords that nobody can read: MS-CHAP is checked by a domain controller through winbind,
 * everything else by the ldap source that knows the accounts. The account is looked up first, and winbind is asked about
 * the very account that was found: a name that two accounts answer to (one by its account name, one by its principal
 * name) would else be proved as one and let in as the other. Accepted is who both say yes to.
 */
export class WinbindSource implements IdentitySource {
  readonly kind = 'winbind'
  readonly name: string
  readonly forms = WINBIND_FORMS
  readonly #parts: WinbindSourceParts

  constructor(parts: WinbindSourceParts) {
    this.name = parts.settings.name
    this.#parts = parts
  }

  async authenticate(user: string, proof: Proof, asked: Asked): Promise<AuthenticationOutcome> {
    switch (proof.form) {
      case 'mschap':
        return this.#check(user, asked, proof)
      case 'mschapv2': {
        const hashedUserName = this.#hashedName(proof.userName)
        return this.#check(user, asked, v2Proof(proof, hashedUserName), hashedUserName)
      }
      default:
        return this.#ours(await this.#parts.directory.authenticate(user, proof, asked))
    }
  }

  /**
   * The domain changes the password; then the response, which the peer made with the new one, is checked as any other:
   * that tells the key the answer rests on, and the state of the account.
   */
  async changePassword(user: string, change: PasswordChange, asked: Asked): Promise<AuthenticationOutcome> {
    const found = await this.#find(user, asked)
    if ('outcome' in found) return found.outcome
    const { account } = found
    const login = { user, asked, account }
    return await this.#shielded(login, async () => {
      const answer = await this.#parts.winbind.changePassword(this.#named(account), change)
      if (answer.kind === 'unavailable') return answer
      if (answer.kind === 'refused') return outcomeOfChange(answer.status, account)
      const hashedUserName = this.#hashedName(change.userName)
      return await this.#prove(login, v2Proof(change, hashedUserName), hashedUserName)
    })
  }

  async resolve(
    user: string,
    earlier: EarlierProof,
    asked: Pick<Asked, 'wholeName' | 'isOwnName' | 'isLiveOnly'>,
  ): Promise<AuthenticationOutcome> {
    const { directory } = this.#parts
    if (directory.resolve === undefined)
      return { kind: 'unavailable', why: 'the directory tells nothing without a password' }
    return this.#ours(await directory.resolve(user, earlier, asked))
  }

  async byId(id: string): Promise<AuthenticationOutcome> {
    const { directory } = this.#parts
    if (directory.byId === undefined)
      return { kind: 'unavailable', why: 'the directory tells nothing without a password' }
    return this.#ours(await directory.byId(id))
  }

  async #check(
    user: string,
    asked: Asked,
    proof: NtProof,
    hashedUserName?: string,
  ): Promise<AuthenticationOutcome> {
    const found = await this.#find(user, asked)
    if ('outcome' in found) return found.outcome
    const login = { user, asked, account: found.account }
    return await this.#shielded(login, () => this.#prove(login, proof, hashedUserName))
  }

  /** No attempt reaches the domain that would use up what it takes before it locks the account. */
  #shielded(
    { user, asked, account }: Login,
    check: () => Promise<AuthenticationOutcome>,
  ): Promise<AuthenticationOutcome> {
    const { shield = UNSHIELDED } = this.#parts
    const refresh = async (): Promise<DirectoryAccount | undefined> => {
      const now = await this.#find(user, asked, { isFresh: true })
      return 'account' in now ? now.account : undefined
    }
    return shield.attempt({ account, asked, refresh }, check)
  }

  async #find(user: string, { wholeName }: Asked, how?: LookupManner): Promise<Found> {
    const found = await this.#parts.accounts.byName(user, wholeName, how)
    switch (found.kind) {
      case 'found':
        return found
      case 'outside-group':
        return { outcome: { kind: 'outside-group', group: this.#parts.groupDn ?? '' } }
      default:
        return { outcome: found }
    }
  }

  async #prove(
    { user, asked, account }: Login,
    proof: NtProof,
    hashedUserName: string | undefined,
  ): Promise<AuthenticationOutcome> {
    const answer = await this.#parts.winbind.check(this.#named(account), proof)
    if (answer.kind === 'unavailable') return answer
    if (answer.kind === 'refused') return outcomeOfStatus(answer.status, account)
    const bar = barOf(account)
    // The domain controller took it: what was kept against the account may be cured meanwhile.
    const isKept = bar !== undefined && account.user.lookup !== undefined && account.user.lookup !== 'live'
    const now: Found = isKept ? await this.#find(user, asked, { isFresh: true }) : { account }
    if ('outcome' in now) return now.outcome
    const barNow = barOf(now.account)
    if (barNow !== undefined) return barNow
    return this.#ours({
      kind: 'authenticated',
      user: now.account.user,
      ntHashHash: answer.userSessionKey,
      ...(hashedUserName !== undefined && { hashedUserName }),
    })
  }

  /** In the very domain it was found in: this machine may be a member of another one, where somebody has the same name. */
  #named({ user, domain }: DirectoryAccount): WinbindAccount {
    return { name: user.name, domain: this.#parts.settings.domain ?? domain }
  }

  /** One guess only: each wrong one counts towards the lock-out of the account. */
  #hashedName(userName: string): string {
    return this.#parts.settings.hashedName === 'whole' ? userName : withoutDomain(userName)
  }

  /** The account is the directory's and keeps its id; the login is this source's. */
  #ours(outcome: AuthenticationOutcome): AuthenticationOutcome {
    if (outcome.kind !== 'authenticated') return outcome
    return { ...outcome, user: { ...outcome.user, source: this.name } }
  }
}

function v2Proof(
  proof: Pick<PasswordChange, 'authenticatorChallenge' | 'peerChallenge' | 'ntResponse'>,
  hashedUserName: string,
): NtProof {
  const { authenticatorChallenge, peerChallenge, ntResponse } = proof
  return { challenge: challengeHash(peerChallenge, authenticatorChallenge, hashedUserName), ntResponse }
}

/** A domain controller that says yes knows more of locks and of the password's age than what was looked up. */
function barOf({ barred, passwordBarred }: DirectoryAccount): AuthenticationOutcome | undefined {
  return barred ?? (passwordBarred?.kind === 'smart-card-required' ? passwordBarred : undefined)
}
