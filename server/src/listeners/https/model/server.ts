import * as z from 'zod'
import { COMPONENTS, LEVELS } from '../../../kernel/logging.ts'
import { instant, name } from './common.ts'

export const supportBundleRequestSchema = z.strictObject({
  anonymous: z.boolean().default(false).describe('Pseudonyms instead of names and addresses of people'),
})

export const captureRequestSchema = z.strictObject({
  client: name.describe('RADIUS client, or the address of one that is not known'),
  seconds: z.int().min(1).max(600).default(60),
  packets: z.int().min(1).max(10_000).default(1000).describe('Both ways together'),
})

export const componentSchema = z.enum(COMPONENTS)

export const logLevelsSchema = z.record(
  componentSchema,
  z.object({ level: z.enum(LEVELS), until: z.exactOptional(instant) }),
)

export const logLevelRequestSchema = z.strictObject({
  level: z.enum(LEVELS),
  minutes: z.int().min(1).max(1440).default(15).describe('Then it falls back by itself'),
})

export const healthSchema = z.object({
  version: z.string(),
  startedAt: instant,
  ready: z.boolean(),
  configVersion: z.int().min(0),
  parts: z
    .array(
      z.object({
        name: z.string(),
        state: z.enum(['ok', 'degraded', 'down']),
        detail: z.exactOptional(z.string()),
      }),
    )
    .readonly(),
  warnings: z.array(z.string()).readonly(),
})
