import type { LdapSourceConfiguration } from '../config/schema.ts'
import type { AccountLookup } from '../identity/ldap/account-lookup.ts'
import { ActiveDirectory } from '../identity/ldap/active-directory/active-directory.ts'
import { genericDirectory } from '../identity/ldap/generic/generic-directory.ts'
import { LdapSource } from '../identity/ldap/ldap-source.ts'
import { OfflineSource, type ServedOffline } from '../identity/offline/offline-source.ts'
import { type SourceShield, sourceShield } from '../identity/shield/source-shield.ts'
import type { IdentitySource } from '../identity/source.ts'
import { watchDirectory } from '../identity/state/watched-directory.ts'
import type { JudgementContext } from './compile-judgement.ts'

/** The source and the accounts it knows; a winbind source stands on both. */
export interface DirectorySource {
  readonly source: IdentitySource
  readonly accounts: AccountLookup
  readonly shield: SourceShield
}

/** A directory: its connections, watched; what it said, kept for a while; and what stands in for it while it is down. */
export function directorySource(
  settings: LdapSourceConfiguration,
  { directories, states, caches, shield: guard, isDoor }: JudgementContext,
): DirectorySource {
  const { name, bindMode } = settings
  const directory = watchDirectory(directories.of(settings), name, states)
  const type = settings.type === 'generic' ? genericDirectory : new ActiveDirectory()
  const shield = sourceShield(guard, settings)
  // bindMode simple: an account is seen with its password alone, and that is asked for each time.
  if (bindMode === 'simple') {
    const accounts = type.lookup(settings, directory)
    return {
      source: new LdapSource({ settings, directory, type, lookup: accounts, shield }),
      accounts,
      shield,
    }
  }
  const { lookup, known } = caches.of(settings, type.lookup(settings, directory))
  const source = new LdapSource({ settings, directory, type, lookup, shield })
  if (!isDoor) return { source, accounts: lookup, shield }
  const served: ServedOffline = (by) => states.servedOffline(name, by)
  return { source: new OfflineSource(source, known, served), accounts: lookup, shield }
}
