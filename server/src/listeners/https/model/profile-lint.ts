import * as z from 'zod'
import { PROFILE_FORMATS } from '../../../profiles/linter/profile-facts.ts'

/** A mebibyte in base64. */
const MOST_CHARACTERS = 1_398_104

export const lintRequestSchema = z.strictObject({
  content: z.base64().min(4).max(MOST_CHARACTERS).describe('The file in base64'),
})

export const lintFindingSchema = z
  .object({
    severity: z.enum(['error', 'warning']).describe('error = it lets somebody in between, or does not work'),
    code: z.string(),
    place: z.string().describe('Where in the file'),
    message: z.string(),
    cure: z.string(),
  })
  .meta({ id: 'ProfileLintFinding' })

export const lintReportSchema = z
  .object({ format: z.enum(PROFILE_FORMATS), findings: z.array(lintFindingSchema).readonly() })
  .meta({ id: 'ProfileLintReport' })

export const connectionLintSchema = z.object({
  items: z
    .array(lintReportSchema.extend({ output: z.string().describe('Form'), file: z.string() }))
    .readonly(),
})
