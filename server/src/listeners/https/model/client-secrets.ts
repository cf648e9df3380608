import * as z from 'zod'
import { MINIMUM_SECRET_LENGTH } from '../../../config/sections/secret.ts'
import { VENDORS } from '../../../config/sections/vendors.ts'
import { count, instant } from './common.ts'
import { servedVersionSchema } from './configuration.ts'

const clientName = z.string().min(1).max(253)

const givenSecret = z
  .exactOptional(z.string().min(MINIMUM_SECRET_LENGTH).max(253))
  .describe('Absent: the server makes one and shows it this once')

const quietDays = (schema: z.ZodType<number>) =>
  schema.describe('Days the old secret must not have been used')

export const madeSecretSchema = z
  .object({
    client: z.string(),
    version: z.int().min(0).describe('The configuration version it stands in'),
    secret: z.exactOptional(z.string()).describe('Shown this once'),
  })
  .meta({ id: 'MadeSecret' })

export const newRotationSchema = z.strictObject({
  secret: givenSecret,
  force: z.boolean().default(false).describe('Also where requests do not tell which secret they use'),
})

export const rotationQuerySchema = z.object({
  quietDays: quietDays(z.coerce.number().min(0).max(365).default(7)),
})

export const rotationEndSchema = z.strictObject({
  quietDays: quietDays(z.number().min(0).max(365).default(7)),
  force: z.boolean().default(false).describe('Drop it without the proof'),
})

export const clientRotationSchema = z
  .object({
    client: z.string(),
    proved: z.boolean().describe('Nobody uses the old secret any more, as far as anybody was seen'),
    obstacles: z.array(z.string()).readonly().describe('What speaks against dropping it now'),
    lastOldAt: z.exactOptional(instant),
    addresses: z
      .array(
        z.object({
          address: z.string(),
          state: z
            .enum(['new', 'old', 'untold'])
            .describe('Which secret it uses; untold: its requests carry no Message-Authenticator'),
          oldRequests: count,
          lastOldAt: z.exactOptional(instant),
          newRequests: count,
          lastNewAt: z.exactOptional(instant),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ClientRotation' })

const readiness = {
  requests: (schema: z.ZodType<number>) =>
    schema.describe('Requests with Message-Authenticator since the last one without'),
  days: (schema: z.ZodType<number>) => schema.describe('Days without one that lacked it'),
}

export const clientBoardQuerySchema = z.object({
  requests: readiness.requests(z.coerce.number().int().min(1).max(1_000_000).default(100)),
  days: readiness.days(z.coerce.number().min(0).max(365).default(7)),
})

export const clientBoardSchema = z
  .object({
    client: z.string(),
    state: z
      .enum(['strict', 'ready', 'not-ready', 'unseen'])
      .describe('strict: it is demanded already; ready: it could be'),
    obstacles: z.array(z.string()).readonly(),
    signed: count.describe('Access-Requests with Message-Authenticator'),
    unsigned: count.describe('Access-Requests without'),
    lastUnsignedAt: z.exactOptional(instant),
    signedSince: z.exactOptional(instant),
    addresses: z
      .array(
        z.object({
          address: z.string(),
          signed: count,
          unsigned: count,
          lastUnsignedAt: z.exactOptional(instant),
          firstSeenAt: instant,
          lastSeenAt: instant,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ClientBoard' })

export const boardEnforcementSchema = z.strictObject({
  clients: z.array(clientName).max(10_000).default([]),
  ready: z.boolean().default(false).describe('Every client that is ready, instead of those named'),
  force: z.boolean().default(false).describe('Also where a client is not ready'),
  requests: readiness.requests(z.int().min(1).max(1_000_000).default(100)),
  days: readiness.days(z.number().min(0).max(365).default(7)),
})

export const boardEnforcedSchema = servedVersionSchema.extend({
  clients: z.array(z.string()).readonly().describe('Held to Message-Authenticator by this version'),
})

export const adoptedClientSchema = z.strictObject({
  address: z.string().min(1).max(253).describe('IP address, CIDR network or DNS name'),
  name: clientName,
  vendor: z.enum(VENDORS).default('other'),
  secret: givenSecret,
})
