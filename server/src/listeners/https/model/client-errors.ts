import * as z from 'zod'

export const clientErrorParameter = z.object({ code: z.string().min(1).max(60) })

export const clientErrorQuerySchema = z.strictObject({
  user: z.exactOptional(z.string().min(1).max(253)).describe('Whose; with or without realm'),
  minutes: z.coerce.number().int().min(1).max(1440).default(15).describe('How far to look back'),
})

export const clientErrorSchema = z
  .object({
    code: z.string().describe('As the client shows it'),
    system: z.enum(['Windows', 'IKEv2']),
    stage: z
      .enum([
        'reach',
        'client',
        'negotiation',
        'server-certificate',
        'client-certificate',
        'authentication',
        'after-accept',
      ])
      .describe('How far the client got'),
    meaning: z.string(),
    certainty: z.enum(['documented', 'experience']),
    causes: z.array(z.object({ cause: z.string(), cure: z.string() })).readonly(),
    verdict: z
      .exactOptional(z.enum(['not-reached', 'not-asked', 'refused', 'silent', 'accepted']))
      .describe('Absent: nobody said whose it is'),
    sentences: z.array(z.string()).readonly().describe('What this server saw, and what follows from it'),
    nextSteps: z.array(z.string()).readonly(),
    receipt: z.exactOptional(z.string()).describe('The login to explain'),
  })
  .meta({ id: 'ClientError' })
