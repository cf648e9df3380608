import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { DirectoryEntry } from '../directory.ts'
import { addressesOf, allOf, anyOf, type DirectoryObjects, present } from './directory-objects.ts'
import { dnKey } from './dn-key.ts'

const DAY = 86_400_000
/** Beyond, a key of the DN takes its place. */
const LONGEST_ID = 500
/** pwdAccountLockedTime of an account an administrator locked (draft-behera-ldap-password-policy section 5.3.3). */
const LOCKED_FOR_GOOD = '000001010000Z'

/** Users and groups of OpenLDAP, 389 Directory Server and their like. */
export function genericObjects(source: LdapSourceConfiguration): DirectoryObjects {
  const { attributes, groups, sync, userAttributes } = source
  const { mail = 'mail', department = 'departmentNumber', displayName = 'displayName' } = attributes
  const groupName = groups.nameAttribute ?? 'cn'
  const names = userAttributes.length === 0 ? ['uid'] : userAttributes
  const addresses = [mail, ...sync.addressAttributes]
  const named = anyOf(...names.map((name) => `(${name}=*)`))
  // RFC 4530; entries without it are known by their DN, and a renamed one is another one.
  const id = (entry: DirectoryEntry): string => {
    const given = entry.text('entryUUID') ?? entry.dn
    return given.length > LONGEST_ID ? dnKey(entry.dn) : given
  }
  return {
    userFilter: allOf(named, source.userFilter),
    everyUserFilter: named,
    userAttributes: [
      ...new Set([
        ...['entryUUID', 'modifyTimestamp', 'sn', 'cn', displayName, department],
        ...['pwdAccountLockedTime', 'nsAccountLock', 'loginDisabled', 'shadowExpire'],
        ...names,
        ...addresses,
      ]),
    ],
    groupFilter: anyOf(
      ...['groupOfNames', 'groupOfUniqueNames', 'groupOfMembers', 'posixGroup'].map(
        (name) => `(objectClass=${name})`,
      ),
    ),
    groupAttributes: [...new Set(['entryUUID', 'modifyTimestamp', 'description', groupName])],
    memberAttributes: ['member', 'uniqueMember', 'memberUid'],
    idAttribute: 'entryUUID',
    containerFilter: '(|(objectClass=organizationalUnit)(objectClass=organization)(objectClass=domain))',
    keepsLinks: false,
    id,
    user: (entry) => {
      const name = names.map((attribute) => entry.text(attribute)).find((value) => value !== undefined)
      if (name === undefined) return undefined
      return {
        id: id(entry),
        name,
        dn: entry.dn,
        addresses: addressesOf(entry, addresses),
        disabled: isLocked(entry),
        ...present({
          displayName: entry.text(displayName) ?? entry.text('cn'),
          surname: entry.text('sn'),
          mail: entry.text(mail),
          department: entry.text(department),
          expiresAt: shadowExpiry(entry.text('shadowExpire')),
        }),
      }
    },
    group: (entry) => {
      const name = entry.text(groupName)
      if (name === undefined) return undefined
      return { id: id(entry), name, dn: entry.dn, ...present({ description: entry.text('description') }) }
    },
  }
}

function isLocked(entry: DirectoryEntry): boolean {
  return (
    entry.text('pwdAccountLockedTime') === LOCKED_FOR_GOOD ||
    /^true$/i.test(entry.text('nsAccountLock') ?? '') ||
    /^true$/i.test(entry.text('loginDisabled') ?? '')
  )
}

/** Days since the epoch (RFC 2307 section 2.2, shadow(5)); -1 and absent: never. */
function shadowExpiry(days: string | undefined): number | undefined {
  return days !== undefined && /^\d{1,7}$/.test(days) ? Number(days) * DAY : undefined
}
