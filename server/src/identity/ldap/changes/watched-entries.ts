import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { DirectoryEntry } from '../directory.ts'
import { STATE_ATTRIBUTES } from '../generic/account-state.ts'
import { groupBase } from '../generic/group-base.ts'
import { activeDirectoryObjects } from '../sync/active-directory-objects.ts'
import { anyOf } from '../sync/directory-objects.ts'
import { genericObjects } from '../sync/generic-objects.ts'

/** What of a directory is watched, and how its entries are read. */
export interface WatchedEntries {
  /** Users, groups, and what they stand below. */
  readonly filter: string
  /** Groups and what entries stand below alone. */
  readonly frameFilter: string
  /** Of every entry: who it is. */
  readonly attributes: readonly string[]
  /** Of users: whatever a login or a rule may rest on. Not here: what every login changes. */
  readonly userAttributes: readonly string[]
  readonly memberAttributes: readonly string[]
  /** By which people are named; the first is what a session names them by. */
  readonly nameAttributes: readonly string[]
  readonly groupName: string
  readonly groupBase: string | undefined
  kind(entry: DirectoryEntry): 'user' | 'group' | 'container'
  id(entry: DirectoryEntry): string
}

const AD_STATE = [
  ...['dNSHostName', 'servicePrincipalName', 'altSecurityIdentities', 'primaryGroupID', 'userAccountControl'],
  ...['accountExpires', 'pwdLastSet', 'lockoutTime', 'logonHours', 'msNPAllowDialin'],
]
const CONTAINERS: ReadonlySet<string> = new Set([
  ...['organizationalunit', 'container', 'organization', 'domain', 'domaindns'],
])

export function watchedEntries(source: LdapSourceConfiguration): WatchedEntries {
  const isActiveDirectory = source.type === 'active-directory'
  const objects = isActiveDirectory ? activeDirectoryObjects(source) : genericObjects(source)
  const usual = isActiveDirectory ? ['sAMAccountName', 'userPrincipalName'] : ['uid']
  const typed = source.userAttributes.length > 0 ? source.userAttributes : usual
  const nameAttributes = [...new Set([...(isActiveDirectory ? ['sAMAccountName'] : []), ...typed])]
  const groupName = source.groups.nameAttribute ?? (isActiveDirectory ? 'sAMAccountName' : 'cn')
  const state = isActiveDirectory ? AD_STATE : [...STATE_ATTRIBUTES, 'gidNumber', 'uid', 'memberOf']
  const groupClasses = new Set(
    isActiveDirectory
      ? ['group']
      : [...objects.groupFilter.matchAll(/=(\w+)/g)].map(([, name = '']) => name.toLowerCase()),
  )
  const frameFilter = anyOf(objects.groupFilter, objects.containerFilter)
  // Computers are users too.
  const users = isActiveDirectory ? '(objectClass=user)' : objects.everyUserFilter
  return {
    filter: `(|${users}${frameFilter})`,
    frameFilter,
    attributes: [...new Set([objects.idAttribute, 'objectClass', groupName])],
    userAttributes: [
      ...new Set([
        ...[...nameAttributes, ...state, ...Object.values(source.attributes)],
        ...namesInFilter(source.userFilter ?? ''),
      ]),
    ],
    memberAttributes: objects.memberAttributes,
    nameAttributes,
    groupName,
    groupBase: isActiveDirectory ? undefined : groupBase(source),
    kind: (entry) => {
      const classes = entry.texts('objectClass').map((name) => name.toLowerCase())
      if (classes.some((name) => groupClasses.has(name))) return 'group'
      return classes.some((name) => CONTAINERS.has(name)) ? 'container' : 'user'
    },
    id: (entry) => objects.id(entry) ?? entry.dn,
  }
}

/** Attributes an administrator's condition looks at. */
function namesInFilter(filter: string): readonly string[] {
  return [...filter.matchAll(/\(([A-Za-z][A-Za-z0-9-]*)[:~<>]?=/g)].map(([, name = '']) => name)
}
