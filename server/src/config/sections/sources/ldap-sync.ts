import * as z from 'zod'

/** Reading users and groups of a directory into the store, for pickers, the portal and the mail door. */
export const ldapSyncSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .describe('Keep a copy of names, addresses and groups; no password, and no login depends on it'),
  minutes: z.int().min(1).max(1440).default(15).describe('Between two looks at what changed'),
  fullHours: z
    .int()
    .min(1)
    .max(720)
    .default(24)
    .describe('After so long everything is read and compared: what was deleted unseen goes then'),
  groupBaseDn: z
    .exactOptional(z.string().trim().min(1).max(1000))
    .describe('Groups are searched below it; default: the whole directory (naming context) of baseDn'),
  addressAttributes: z
    .array(z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'Not the name of an LDAP attribute.'))
    .max(16)
    .default(['proxyAddresses', 'mailLocalAddress', 'mailAlternateAddress'])
    .describe('Attributes with e-mail addresses of a user, beside the one that attributes.mail names'),
  maximumDeletedPercent: z
    .int()
    .min(0)
    .max(100)
    .default(30)
    .describe('A sync that would delete a larger part of the users or groups stops and asks'),
  pageSize: z.int().min(10).max(1000).default(500).describe('Entries asked for at a time (RFC 2696)'),
})

export type LdapSyncConfiguration = Readonly<z.output<typeof ldapSyncSchema>>
