import { dnKey, parseDn, textInDn } from '@sallyport/ldap'
import type { LdapSourceConfiguration } from '../../../config/schema.ts'

/**
 * Where groups are searched: `groups.baseDn`, or the whole tree baseDn stands in: its `dc=` parts, else its last part. Users
 * and groups stand beside each other in most directories (ou=People, ou=Groups).
 */
export function groupBase({ baseDn, groups }: Pick<LdapSourceConfiguration, 'baseDn' | 'groups'>): string {
  if (groups.baseDn !== undefined) return groups.baseDn
  if (dnKey(baseDn) === undefined) return baseDn
  const names = parseDn(baseDn)
  const firstDomain = names.findIndex((name) => name[0]?.type === 'dc')
  const kept = firstDomain < 0 ? names.slice(-1) : names.slice(firstDomain)
  return kept.map((name) => name.map(({ type, value }) => `${type}=${textInDn(value)}`).join('+')).join(',')
}
