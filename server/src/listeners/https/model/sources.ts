import * as z from 'zod'
import { count, instant } from './common.ts'

const sourceState = z.enum(['up', 'down', 'unused']).describe('unused: nobody was asked yet')

const lastErrorSchema = z.object({
  why: z.string(),
  at: instant,
  servers: z.array(z.string()).readonly().describe('Those that were asked, in their order'),
})

const sourceThreadSchema = z.object({
  thread: z.string().describe('worker N, or main for live sessions'),
  state: sourceState,
  since: z.exactOptional(instant),
  heardAt: z.exactOptional(instant),
  answers: count,
  unanswered: count,
  servers: z
    .array(
      z.object({
        server: z.string(),
        breaker: z
          .enum(['closed', 'open', 'half-open'])
          .describe('open: not asked for a while; half-open: one question tries it'),
        lastError: z.exactOptional(z.string()),
      }),
    )
    .readonly(),
})

const directoryChangesStatusSchema = z
  .object({
    state: z
      .enum(['off', 'starting', 'watching', 'failed'])
      .describe('off: not asked for (`changes.seconds`: 0), or not possible (`bindMode`: simple)'),
    by: z
      .exactOptional(z.enum(['uSNChanged', 'contextCSN', 'modifyTimestamp']))
      .describe('What the server tells changes by'),
    server: z.exactOptional(z.string()),
    askedAt: z.exactOptional(instant).describe('Everything that changed until then was seen'),
    changedAt: z.exactOptional(instant).describe('When a change was seen that concerned somebody'),
    why: z.exactOptional(z.string()).describe('Of a failure'),
  })
  .describe('Whether changes in the directory are seen at once; kind ldap alone')

export const sourceStatusSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['ldap', 'winbind', 'radius', 'tacacs']),
    state: sourceState,
    since: z.exactOptional(instant),
    heardAt: z.exactOptional(instant).describe('Last answer, or last time none came'),
    lastError: z.exactOptional(lastErrorSchema),
    answers: count.describe('Questions that were answered'),
    unanswered: count,
    silentLogins: count.describe('Logins without an answer in the outage, or in the last one'),
    offlineLogins: count.describe('Logins decided on what the source had said before'),
    changes: z.exactOptional(directoryChangesStatusSchema),
    clients: z
      .array(z.object({ client: z.string(), silentLogins: count, lastAt: instant }))
      .readonly()
      .describe('RADIUS clients that got no answer and may turn to another server, the most affected first'),
    threads: z.array(sourceThreadSchema).readonly(),
  })
  .meta({ id: 'SourceStatus' })

export const sourceRefreshSchema = z.strictObject({
  user: z.exactOptional(z.string().min(1).max(253)).describe('Login name without realm; absent: everybody'),
})
