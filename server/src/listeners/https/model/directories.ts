import * as z from 'zod'
import { ldapSourceSchema } from '../../../config/sections/sources/ldap.ts'
import { count, instant } from './common.ts'

const syncCountsSchema = z
  .object({
    kind: z.enum(['full', 'changes']),
    server: z.string().describe('The server that was asked'),
    read: count.describe('Entries it sent'),
    added: count,
    changed: count,
    deleted: count,
    joined: count.describe('Memberships that came'),
    left: count.describe('Memberships that went'),
    milliseconds: count,
  })
  .meta({ id: 'DirectorySyncCounts' })

export const directorySchema = z
  .object({
    name: z.string().describe('Name of the identity source'),
    type: z.enum(['active-directory', 'generic']),
    servers: z.array(z.string()).readonly().describe('Empty: found by DNS'),
    domain: z.exactOptional(z.string()),
    bindMode: z.enum(['regular', 'anonymous', 'simple']),
    baseDn: z.string(),
    groupDn: z.exactOptional(z.string()),
    userFilter: z.exactOptional(z.string()),
    sync: z.object({
      enabled: z.boolean(),
      state: z
        .enum(['off', 'waiting', 'running', 'done', 'failed'])
        .describe('waiting: it has not been synced yet; failed: the last try, what was known before stays'),
      minutes: z.number(),
      fullHours: z.number(),
      startedAt: z.exactOptional(instant),
      triedAt: z.exactOptional(instant),
      succeededAt: z.exactOptional(instant),
      fullAt: z.exactOptional(instant),
      users: count,
      groups: count,
      last: z.exactOptional(syncCountsSchema).describe('Of the last sync that came to its end'),
      reason: z.exactOptional(z.string()).describe('Code of why the last one failed'),
      problem: z.exactOptional(z.string()),
      nextStep: z.exactOptional(z.string()),
    }),
  })
  .meta({ id: 'Directory' })

export const directorySyncOrderSchema = z.strictObject({
  full: z.boolean().default(false).describe('Read everything, not only what changed'),
  force: z.boolean().default(false).describe('Read everything, and delete what is gone however much it is'),
})

export const directoryUserSchema = z
  .object({
    id: z.string().describe('objectGUID, entryUUID or the DN'),
    name: z.string(),
    upn: z.exactOptional(z.string()),
    displayName: z.exactOptional(z.string()),
    mail: z.exactOptional(z.string()),
    addresses: z.array(z.string()).readonly().describe('Every e-mail address and the UPN, in lower case'),
    department: z.exactOptional(z.string()),
    dn: z.string(),
    sid: z.exactOptional(z.string()),
    state: z.enum(['enabled', 'disabled', 'expired']),
    expiresAt: z.exactOptional(instant),
    groups: z.array(z.string()).readonly().describe('Nested memberships included'),
    changedAt: instant.describe('When a sync saw it new or different'),
  })
  .meta({ id: 'DirectoryUser' })

export const directoryGroupSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.exactOptional(z.string()),
    dn: z.string(),
    sid: z.exactOptional(z.string()),
    changedAt: instant,
  })
  .meta({ id: 'DirectoryGroup' })

export const directoryBrowseQuerySchema = z.object({
  dn: z.exactOptional(z.string().max(1000)).describe('Absent: where the directory begins'),
  show: z
    .enum(['containers', 'groups', 'all'])
    .default('containers')
    .describe('containers: what may be a base DN; groups: containers and groups, which may be a group DN'),
})

/** Settings of a directory that are not applied yet. Stored secrets are not used for them. */
export const directoryTrialSchema = directoryBrowseQuerySchema.extend({
  connection: ldapSourceSchema
    .pick({
      type: true,
      servers: true,
      domain: true,
      site: true,
      startTls: true,
      authorities: true,
      serverName: true,
      allowUnencrypted: true,
      bindMode: true,
      bindDn: true,
      deadlineMilliseconds: true,
    })
    .extend({ bindPassword: z.exactOptional(z.string().min(1).max(1024)) })
    .describe('As in the section sources; bindPassword in the clear'),
})

export const directoryListingSchema = z
  .object({
    server: z.string().describe('The server that was asked'),
    dn: z.string().describe('Empty: where the directory begins'),
    entries: z
      .array(
        z.object({
          dn: z.string(),
          name: z.string(),
          kind: z.enum(['container', 'group', 'user', 'computer', 'other']),
          description: z.exactOptional(z.string()),
        }),
      )
      .readonly(),
    more: z.boolean().describe('There are more than are shown'),
  })
  .meta({ id: 'DirectoryListing' })
