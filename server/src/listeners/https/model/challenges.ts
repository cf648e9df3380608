import * as z from 'zod'
import { instant, name } from './common.ts'

const dnsName = z.string().regex(/^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'Not a DNS name.')

export const challengeSchema = z
  .object({
    id: z.int(),
    template: z.string(),
    user: z.exactOptional(z.string()),
    deviceId: z.exactOptional(z.string()),
    subject: z.exactOptional(z.string()).describe('The common name the request must have'),
    dns: z.array(z.string()).readonly(),
    ip: z.array(z.string()).readonly(),
    minimumRsaBits: z.exactOptional(z.int()),
    state: z.enum(['open', 'used', 'expired']),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
    usedAt: z.exactOptional(instant),
  })
  .meta({ id: 'Challenge' })

export const newChallengeSchema = z.strictObject({
  template: name.describe('The only certificate template it is good for'),
  user: z.exactOptional(z.string().min(1).max(256)).describe('Account it is for; or deviceId'),
  deviceId: z
    .exactOptional(
      z
        .string()
        .min(1)
        .max(256)
        .regex(/^[!-~]+$/, 'Printable ASCII without spaces.'),
    )
    .describe('Device it is for, as its MDM server or inventory calls it'),
  subject: z.exactOptional(z.string().min(1).max(64)).describe('The common name the request must have'),
  dns: z.array(dnsName).max(50).default([]).describe('DNS names for templates with names: proved'),
  ip: z
    .array(z.string().max(45))
    .max(50)
    .default([])
    .describe('IP addresses for templates with names: proved'),
  minimumRsaBits: z.exactOptional(z.int().min(2048).max(8192)).describe('Shorter keys are refused'),
  minutes: z
    .exactOptional(z.int().min(1).max(43_200))
    .describe('How long it can be used; enrolment.scep.challengeMinutes by default'),
})

export const madeChallengeSchema = challengeSchema.extend({
  challenge: z.string().describe('For the client, as its challenge password; shown this once'),
})

export const challengeQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export const challengeParameter = z.strictObject({ id: z.coerce.number().int().min(1) })
