import type { LdapShieldConfiguration } from '../../config/sections/sources/ldap-shield.ts'
import type { DirectoryAccount } from '../ldap/account-lookup.ts'
import type { Asked, AuthenticationOutcome } from '../source.ts'
import { nameKey } from '../user-name.ts'
import type { ShieldGuard } from './shield-guard.ts'

/** The lock-out shield of one directory, as the sources that let it check passwords use it. */
export interface SourceShield {
  /**
   * Calls `check`, which asks the directory, once or not at all.
   *
   * @param password where it was seen; absent: an MS-CHAP answer
   * @param refresh the account as the directory has it now, where `account` was kept from earlier
   */
  attempt(
    about: {
      readonly account: DirectoryAccount
      readonly asked: Asked
      readonly password?: Uint8Array
      readonly refresh?: () => Promise<DirectoryAccount | undefined>
    },
    check: () => Promise<AuthenticationOutcome>,
  ): Promise<AuthenticationOutcome>
}

/** For directories whose accounts need none. */
export const UNSHIELDED: SourceShield = { attempt: (_about, check) => check() }

export function sourceShield(
  guard: ShieldGuard,
  directory: {
    readonly name: string
    readonly type: 'active-directory' | 'generic'
    readonly shield: LdapShieldConfiguration
  },
): SourceShield {
  const { name: source, type, shield: settings } = directory
  if (!(settings.enabled ?? type === 'active-directory')) return UNSHIELDED
  return { attempt: (about, check) => guard.attempt({ source, settings, ...about }, check) }
}

/**
 * All ways to write a name that a directory might take for one: spaces, accents, widths (RFC 4518). Two accounts that share
 * a count lose less than one that is guessed at under many names.
 */
function looseKey(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  return nameKey(plain.replaceAll(/[\s.]+/g, ' ').trim())
}

/** An account nobody can look up before its password is proved (bindMode simple): known by the name alone. */
export function unseenAccount(source: string, dn: string, name: string): DirectoryAccount {
  const id = `${source}/${looseKey(name)}`
  return { dn, user: { id, name, source, groups: [], attributes: {} } }
}
