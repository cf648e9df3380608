import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import { fileTime } from '../active-directory/file-time.ts'
import { guidText, sidInDomain, sidText } from '../active-directory/object-ids.ts'
import type { DirectoryEntry } from '../directory.ts'
import { addressesOf, allOf, type DirectoryObjects, present } from './directory-objects.ts'

/** userAccountControl (MS-ADTS section 2.2.16). */
const ACCOUNT_DISABLED = 0x2
/** Not objectClass alone, which computers have as well. */
const PERSON = ['(objectCategory=person)', '(objectClass=user)']

/** Users and groups of Active Directory. */
export function activeDirectoryObjects(source: LdapSourceConfiguration): DirectoryObjects {
  const { attributes, groups, sync } = source
  const { mail = 'mail', department = 'department', displayName = 'displayName' } = attributes
  const groupName = groups.nameAttribute ?? 'sAMAccountName'
  const addresses = [mail, ...sync.addressAttributes]
  const id = (entry: DirectoryEntry): string | undefined => {
    const [guid] = entry.octets('objectGUID')
    return guid === undefined ? undefined : guidText(guid)
  }
  return {
    userFilter: allOf(...PERSON, source.userFilter),
    everyUserFilter: allOf(...PERSON),
    userAttributes: [
      ...new Set([
        ...['objectGUID', 'sAMAccountName', 'userPrincipalName', 'sn', 'objectSid', 'primaryGroupID'],
        ...['userAccountControl', 'accountExpires', displayName, department, ...addresses],
      ]),
    ],
    groupFilter: '(objectCategory=group)',
    groupAttributes: [...new Set(['objectGUID', 'objectSid', 'description', groupName])],
    memberAttributes: ['member'],
    idAttribute: 'objectGUID',
    containerFilter: '(|(objectClass=organizationalUnit)(objectClass=container))',
    keepsLinks: true,
    id,
    user: (entry) => {
      const [guid, name] = [id(entry), entry.text('sAMAccountName')]
      if (guid === undefined || name === undefined) return undefined
      const upn = entry.text('userPrincipalName')
      const [sid] = entry.octets('objectSid')
      const group = Number(entry.text('primaryGroupID') ?? Number.NaN)
      const primary = sid === undefined || !Number.isInteger(group) ? undefined : sidInDomain(sid, group)
      return {
        id: guid,
        name,
        dn: entry.dn,
        addresses: [...addressesOf(entry, addresses), ...(upn === undefined ? [] : [upn])],
        disabled: (Number(entry.text('userAccountControl') ?? 0) & ACCOUNT_DISABLED) !== 0,
        ...present({
          upn,
          displayName: entry.text(displayName),
          surname: entry.text('sn'),
          mail: entry.text(mail),
          department: entry.text(department),
          sid: sid === undefined ? undefined : sidText(sid),
          primaryGroupSid: primary === undefined ? undefined : sidText(primary),
          expiresAt: fileTime(entry.text('accountExpires')),
        }),
      }
    },
    group: (entry) => {
      const [guid, name] = [id(entry), entry.text(groupName)]
      if (guid === undefined || name === undefined) return undefined
      const [sid] = entry.octets('objectSid')
      return {
        id: guid,
        name,
        dn: entry.dn,
        ...present({
          description: entry.text('description'),
          sid: sid === undefined ? undefined : sidText(sid),
        }),
      }
    },
  }
}
