import { principalRealm } from '../../identity/principal-realm.ts'
import type { RealmSettings } from '../../identity/realms.ts'
import type { IdentifiedUser } from '../../identity/source.ts'
import type { EnrolmentIdentity } from './requester.ts'

/**
 * Whose word the attributes of an account are. Windows takes a security identifier and a principal name in a certificate for
 * the account itself: only Active Directory says which they are. Another directory says a principal name where its
 * settings map one; what a local user's attributes say may be written by whoever keeps users.
 */
export type AttributeAuthority = 'active-directory' | 'directory' | 'none'

/** An account as a source identified it, in the words certificates are made of. */
export function enrolmentIdentity(
  user: IdentifiedUser,
  authority: AttributeAuthority,
  realms: readonly RealmSettings[],
): EnrolmentIdentity {
  const { id, source, name, groups, attributes, kind = 'person' } = user
  const realm = principalRealm(user, realms) ?? undefined
  const said = authority === 'none' ? undefined : attributes.upn
  const upn = said ?? (realm === undefined || kind === 'computer' ? undefined : `${name}@${realm}`)
  return {
    ...{ kind, id, source, name, groups },
    ...optional('realm', realm),
    ...optional('upn', upn),
    ...optional('displayName', attributes.displayName),
    ...optional('email', attributes.mail ?? attributes.email),
    ...optional('dnsName', kind === 'computer' ? attributes.dnsHostName?.toLowerCase() : undefined),
    ...optional('sid', authority === 'active-directory' ? attributes.sid : undefined),
  }
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined || value === '' ? {} : ({ [name]: value } as Record<Name, string>) // a computed key loses its name
}
