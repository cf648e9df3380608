import * as z from 'zod'
import { name, password } from './common.ts'

export const sourceTestSchema = z
  .strictObject({
    user: z
      .exactOptional(name)
      .describe('Looked up as a login would be: alice, alice@example.org or EXAMPLE\\alice'),
    password: z
      .exactOptional(password.refine((text) => !text.includes('\0'), 'No password holds NUL.'))
      .describe('Tried once, as a login would: a wrong one counts in the directory'),
  })
  .meta({ id: 'SourceTest' })

const sourceTestStepSchema = z
  .object({
    step: z.string().describe('dns, tcp, starttls, tls, bind, base DN, group DN, rights, user, password ...'),
    server: z.exactOptional(z.string()),
    outcome: z.enum(['ok', 'warning', 'failed', 'skipped']),
    detail: z.string().describe('What was seen, or the cause'),
    cure: z.exactOptional(z.string()),
  })
  .meta({ id: 'SourceTestStep' })

export const sourceTestReportSchema = z
  .object({
    source: name,
    kind: z.string(),
    passed: z.boolean().describe('No step failed'),
    steps: z.array(sourceTestStepSchema).readonly(),
  })
  .meta({ id: 'SourceTestReport' })
