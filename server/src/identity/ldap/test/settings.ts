import { type LdapSourceConfiguration, ldapSourceSchema } from '../../../config/sections/sources/ldap.ts'

/** A profile of a directory that is not Active Directory, as a document would give it. */
export function ldapSettings(settings: Record<string, unknown>): LdapSourceConfiguration {
  return ldapSourceSchema.parse({
    ...{ name: 'ldap', kind: 'ldap', type: 'generic', allowUnencrypted: true, baseDn: 'dc=test' },
    ...{ bindDn: 'cn=service,dc=test', bindPassword: 'service', deadlineMilliseconds: 1000 },
    ...settings,
    // Its secrets are plain texts already.
  }) as LdapSourceConfiguration
}
