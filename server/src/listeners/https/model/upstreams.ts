import * as z from 'zod'
import { count, instant } from './common.ts'

const upstreamPortSchema = z
  .object({
    port: z.number(),
    state: z
      .enum(['up', 'suspect', 'dead', 'unused'])
      .describe('suspect: it missed an answer and is being asked; unused: nobody needs it'),
    since: z.exactOptional(instant),
    heardAt: z.exactOptional(instant).describe('Last verified reply of any kind'),
    answersStatusServer: z.boolean(),
    waiting: count.describe('Requests on their way'),
    requests: count,
    replies: count,
    timeouts: count,
    invalid: count.describe('Requests whose answers did not verify'),
    problem: z.exactOptional(z.string()),
  })
  .meta({ id: 'UpstreamPort' })

export const upstreamStatusSchema = z
  .object({
    name: z.string(),
    group: z.string(),
    host: z.string(),
    enabled: z.boolean(),
    priority: z.number(),
    weight: z.number(),
    authentication: upstreamPortSchema,
    accounting: upstreamPortSchema,
  })
  .meta({ id: 'Upstream' })

export const upstreamListSchema = z
  .object({
    items: z.array(upstreamStatusSchema).readonly(),
    waiting: z
      .array(z.object({ group: z.string(), records: count, oldestAt: instant }))
      .readonly()
      .describe('Accounting records a group is still to be given'),
  })
  .meta({ id: 'UpstreamList' })
