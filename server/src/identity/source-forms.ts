import type { PasswordStorage, SourceConfiguration } from '../config/schema.ts'
import { FORMS_OF_STORAGE } from './local/proof-check.ts'
import { RADIUS_FORMS } from './radius/radius-source.ts'
import type { ProofForm } from './source.ts'

/** A directory keeps the password to itself and takes it in the clear alone. An account needs no password to be looked up. */
export const LDAP_FORMS: ReadonlySet<ProofForm> = new Set(['password', 'certificate'])

/** bindMode simple: nobody can be asked by but the user, whose account is seen only with the password. */
export const LDAP_SIMPLE_FORMS: ReadonlySet<ProofForm> = new Set(['password'])

/** `ntlm_auth` asks a domain controller about MS-CHAP; everything else is asked of the directory. AD has no CHAP or EAP-MD5. */
export const WINBIND_FORMS: ReadonlySet<ProofForm> = new Set([
  'password',
  'mschap',
  'mschapv2',
  'certificate',
])

/** PAP and CHAP logins of RFC 8907; its MS-CHAP gives no keys, so no tunnel could be built on it. */
export const TACACS_FORMS: ReadonlySet<ProofForm> = new Set(['password', 'chap'])

/** Which forms of proof a source can check for somebody. `kept`: how passwords of local users are stored. */
export function formsOfSource(
  source: SourceConfiguration,
  kept: ReadonlySet<PasswordStorage>,
): ReadonlySet<ProofForm> {
  switch (source.kind) {
    case 'local':
      return new Set([...kept, source.passwordStorage].flatMap((storage) => [...FORMS_OF_STORAGE[storage]]))
    case 'ldap':
      return source.bindMode === 'simple' ? LDAP_SIMPLE_FORMS : LDAP_FORMS
    case 'winbind':
      return WINBIND_FORMS
    case 'radius':
      return RADIUS_FORMS
    case 'tacacs':
      return TACACS_FORMS
  }
}

/** For people: what it comes to. */
export function abilityOf(source: SourceConfiguration): string {
  switch (source.kind) {
    case 'local':
      return `source '${source.name}' keeps ${source.passwordStorage}`
    case 'ldap':
      return `source '${source.name}' asks LDAP, which can verify PAP and GTC only`
    case 'winbind':
      return `source '${source.name}' asks winbind, which can verify no CHAP and no EAP-MD5`
    case 'radius':
      return `source '${source.name}' asks upstreams, which check passwords alone`
    case 'tacacs':
      return `source '${source.name}' asks TACACS+, which can verify PAP, GTC and CHAP only`
  }
}
