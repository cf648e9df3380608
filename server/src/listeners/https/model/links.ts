import * as z from 'zod'
import { LANGUAGES } from '../../../config/schema.ts'
import { LINK_SYSTEMS } from '../../../profiles/links/link-outputs.ts'
import { instant, name } from './common.ts'

const system = z.enum(LINK_SYSTEMS)
const language = z.enum(LANGUAGES)

export const linkSchema = z
  .object({
    id: z.int(),
    user: z.string(),
    connections: z.array(z.string()).readonly().describe('It brings one of them'),
    system: z.exactOptional(system),
    language: z.exactOptional(language),
    state: z.enum(['open', 'used', 'expired']),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
    usedAt: z.exactOptional(instant),
    usedFrom: z.exactOptional(z.string()).describe('Address'),
    usedFor: z.exactOptional(z.string()).describe('Connection and output'),
  })
  .meta({ id: 'Link' })

export const newLinkSchema = z.strictObject({
  user: z.string().min(1).max(256).describe('Account it is for'),
  connections: z
    .array(name)
    .min(1)
    .max(20)
    .describe('The person chooses one of them; a link brings one file'),
  system: z.exactOptional(system).describe('Absent: whichever the person chooses'),
  language: z.exactOptional(language).describe('Absent: that of the browser'),
  minutes: z
    .exactOptional(z.int().min(1).max(43_200))
    .describe('How long it can be used; enrolment.links.minutes by default'),
  mail: z
    .exactOptional(z.boolean())
    .describe('Send it to the e-mail address of the account, by the first entry of section mail'),
})

export const madeLinkSchema = linkSchema.extend({
  path: z.string().describe('Below the address of the enrolment port; shown this once'),
  url: z.exactOptional(z.string()).describe('Where enrolment.httpsUrl is set; shown this once'),
  sentTo: z.exactOptional(z.string()).describe('Where it was mailed to'),
  code: z.string().describe('Typed at /connect instead; shown this once'),
  notes: z.array(z.string()).readonly().describe('What keeps people from opening it'),
})

export const linkQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export const linkParameter = z.strictObject({ id: z.coerce.number().int().min(1) })
