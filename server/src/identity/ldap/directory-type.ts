import type { LdapSourceConfiguration } from '../../config/schema.ts'
import type { AuthenticationOutcome } from '../source.ts'
import type { AccountLookup, DirectoryAccount } from './account-lookup.ts'
import type { DirectorySearch, LdapRefusal } from './directory.ts'

/** What differs between kinds of directories: how accounts are found, and what refusals mean. */
export interface DirectoryType {
  /** @param search by whom questions are asked: the service account, or in bindMode simple the user */
  lookup(settings: LdapSourceConfiguration, search: DirectorySearch): AccountLookup
  /** bindMode simple, bound by a name that is no DN: whether `as` asks as this very account. */
  isBoundAs(as: DirectorySearch, account: DirectoryAccount): Promise<boolean>
  /** What a refused bind of a user says. `account` is absent in bindMode simple. */
  refusedBind(refusal: LdapRefusal, account: DirectoryAccount | undefined): AuthenticationOutcome
}
