import { isBelowDn, isSameDn } from '@sallyport/ldap'

/**
 * Whether a user counts as found in `groupDn`: as a member of this group (nested ones included where groups nest), as a member of any group
 * below it, or by an entry that itself stands below it.
 */
export function isInGroup(user: string, groups: readonly string[], groupDn: string): boolean {
  return (
    groups.some((group) => isSameDn(group, groupDn) || isBelowDn(group, groupDn)) || isBelowDn(user, groupDn)
  )
}
