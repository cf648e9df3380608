import * as z from 'zod'
import { count, instant, listQuerySchema, name } from './common.ts'

export const grantActionSchema = z
  .object({
    id: z.int(),
    kind: z.string().describe('session'),
    grant: z.string().describe('Which one: id of the session'),
    user: z.exactOptional(z.string()),
    client: z.string(),
    receipt: z.exactOptional(z.string()).describe('The decision it rests on'),
    action: z.enum(['revoke', 'change', 'undecided']),
    state: z
      .enum(['waiting', 'acknowledged', 'done', 'obsolete', 'failed', 'left'])
      .describe('obsolete: not needed any more; left: cannot be decided again'),
    reason: z.string().describe('Reason code: why it cannot stay as it is'),
    sentence: z.string(),
    changes: z.array(z.string()).readonly().describe('Old and new values'),
    cause: z.string().describe('What changed'),
    askedBy: z.string(),
    attempts: count,
    result: z.exactOptional(z.string()).describe('Reason code: what went wrong'),
    resultSentence: z.exactOptional(z.string()),
    nextStep: z.exactOptional(z.string()),
    createdAt: instant,
    updatedAt: instant,
    nextAt: z.exactOptional(instant),
  })
  .meta({ id: 'GrantAction' })

/** Exactly one of them. */
export const recheckSchema = z.strictObject({
  user: z.exactOptional(name),
  group: z.exactOptional(name),
  certificate: z.exactOptional(z.string().min(1).max(100)).describe('Serial number'),
  all: z.exactOptional(z.literal(true)),
})

export const grantActionQuerySchema = listQuerySchema.omit({ search: true }).extend({
  state: z.exactOptional(z.enum(['open', 'waiting', 'acknowledged', 'done', 'obsolete', 'failed', 'left'])),
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
})
