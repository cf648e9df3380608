import * as z from 'zod'
import { nameSchema } from '../name.ts'
import { passwordSchema, type WithOpenSecrets } from '../secret.ts'
import { accountRulesSchema, certificateMapping } from './account-rules.ts'
import { directoryCacheSchema } from './directory-cache.ts'
import { directoryChangesSchema } from './directory-changes.ts'
import { directoryOfflineSchema } from './directory-offline.ts'
import { goingOn } from './going-on.ts'
import { ldapShieldSchema } from './ldap-shield.ts'
import { ldapSyncSchema } from './ldap-sync.ts'

const distinguishedName = z.string().trim().min(1).max(1000)
const attributeName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'Not the name of an LDAP attribute.')

/** An LDAP directory or Active Directory. */
export const ldapSourceSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.source'),
  kind: z.literal('ldap').describe('Users of an LDAP directory or of Active Directory'),
  type: z
    .enum(['active-directory', 'generic'])
    .default('active-directory')
    .describe('What kind of directory it is: how names, groups and account states are written there'),
  servers: z
    .array(
      z.string().regex(/^ldaps?:\/\/[^/?#]+\/?$/i, 'Write ldaps://dc1.example.org or ldap://10.0.0.1:389.'),
    )
    .max(16)
    .default([])
    .describe(
      'ldaps:// or ldap:// addresses, the preferred first; empty: found by DNS SRV records of domain',
    ),
  domain: z
    .exactOptional(z.string().min(1))
    .describe('DNS name of the domain (ad.example.org): finds servers, and takes user@ad.example.org'),
  netbiosName: z
    .exactOptional(z.string().min(1).max(15))
    .describe('Takes EXAMPLE\\user; asked of the directory where absent'),
  site: z.exactOptional(z.string().min(1)).describe('Active Directory site whose servers are preferred'),
  startTls: z.boolean().default(false).describe('Encrypt ldap:// connections before anything is said'),
  authorities: z
    .exactOptional(z.string())
    .describe('PEM of the CAs that vouch for the servers; absent: those the system trusts'),
  serverName: z
    .exactOptional(z.string().min(1))
    .describe('Name the certificates of all servers carry, where it is not the name of their address'),
  allowUnencrypted: z
    .boolean()
    .default(false)
    .describe('Send passwords over ldap:// without StartTLS: everybody on the way reads them'),
  bindMode: z
    .enum(['regular', 'anonymous', 'simple'])
    .default('regular')
    .describe(
      'regular: search as bindDn, then bind as the user; anonymous: search without a name, then bind as the user; simple: bind as userDn at once',
    ),
  bindDn: z
    .exactOptional(distinguishedName)
    .describe('Service account of bindMode regular: a DN; Active Directory also takes user@domain'),
  bindPassword: z.exactOptional(passwordSchema).describe('Password of the service account'),
  userDn: z
    .exactOptional(distinguishedName)
    .describe('DN template of bindMode simple: uid={user},ou=People,dc=example,dc=org'),
  baseDn: distinguishedName.describe('Users are searched below it, at any depth'),
  groupDn: z
    .exactOptional(distinguishedName)
    .describe('Only users found here as well may pass: a group, or a container whose groups count'),
  userAttributes: z
    .array(attributeName)
    .default([])
    .describe('Attributes that hold the login name; default sAMAccountName and userPrincipalName, or uid'),
  userFilter: z
    .exactOptional(z.string().startsWith('(').endsWith(')').max(2000))
    .describe('LDAP filter that users must match besides: (employeeType=staff)'),
  attributes: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/), attributeName)
    .default({ mail: 'mail', department: 'department', displayName: 'displayName' })
    .describe('What conditions read as user.attributes, and the LDAP attribute it comes from'),
  groups: z
    .strictObject({
      nameAttribute: z
        .exactOptional(attributeName)
        .describe('What a group is called in user.groups; default sAMAccountName, or cn'),
      baseDn: z
        .exactOptional(distinguishedName)
        .describe('Groups are searched below it; default: the dc= part of baseDn, or its last part'),
      nested: z.boolean().default(true).describe('Members of a group in a group belong to both'),
    })
    .prefault({})
    .describe('Groups'),
  accountRules: accountRulesSchema,
  certificateMapping,
  deadlineMilliseconds: z
    .int()
    .min(100)
    .max(10_000)
    .default(2500)
    .describe('All questions of one login together may take this long; then the source is unavailable'),
  connections: z
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('Connections of each RADIUS worker that check passwords'),
  cache: directoryCacheSchema,
  changes: directoryChangesSchema,
  offline: directoryOfflineSchema,
  shield: ldapShieldSchema,
  sync: ldapSyncSchema.prefault({}).describe('Copy of users and groups'),
  ...goingOn,
})

export type LdapSourceConfiguration = Readonly<WithOpenSecrets<z.output<typeof ldapSourceSchema>>>
