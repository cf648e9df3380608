import * as z from 'zod'
import { instant } from './common.ts'

export const problemSchema = z
  .object({
    path: z.string().describe('Where: clients/vpn-1/address'),
    line: z.exactOptional(z.int()),
    severity: z.exactOptional(z.enum(['error', 'warning'])),
    code: z.exactOptional(z.string()),
    message: z.string(),
    suggestion: z.exactOptional(z.string()),
  })
  .meta({ id: 'Problem' })

export const changeSchema = z
  .object({
    section: z.string(),
    name: z.string(),
    action: z.enum(['create', 'change', 'delete', 'unchanged']),
    fields: z.exactOptional(
      z
        .array(
          z.object({
            path: z.string(),
            before: z.exactOptional(z.unknown()),
            after: z.exactOptional(z.unknown()),
          }),
        )
        .readonly(),
    ),
  })
  .meta({ id: 'Change' })

export const versionSchema = z
  .object({ number: z.int().min(1), createdAt: instant, author: z.string(), comment: z.string() })
  .meta({ id: 'ConfigurationVersion' })

/** A document: YAML (JSON is YAML) as text, so that problems can name the line. */
const documentText = z.string().max(8 * 1024 * 1024)

export const planRequestSchema = z.strictObject({
  document: documentText,
  prune: z.boolean().default(false).describe('Delete what the document does not mention'),
})

export const applyRequestSchema = planRequestSchema.extend({
  baseVersion: z.exactOptional(z.int().min(0)).describe('Refuse where this is no longer the current version'),
  comment: z.string().max(500).default(''),
})

export const planSchema = z.object({
  baseVersion: z.int().min(0).describe('Send it back with apply'),
  changes: z.array(changeSchema).readonly(),
  problems: z.array(problemSchema).readonly().describe('With an error among them, apply refuses'),
})

export const appliedSchema = planSchema.omit({ baseVersion: true }).extend({
  version: z.int().min(0),
  generated: z
    .array(z.object({ path: z.string(), value: z.string() }))
    .readonly()
    .describe('Secrets the server made; shown this once'),
})

export const rollbackRequestSchema = z.strictObject({
  version: z.int().min(1).describe('The version to return to'),
  comment: z.string().max(500).default(''),
})

export const rolledBackSchema = z.object({
  version: z.int().min(1).describe('The new version, equal to the old one'),
  leftAlone: z.array(z.string()).readonly().describe('Objects left alone: they changed otherwise since'),
})

export const documentSchema = z.object({
  version: z.int().min(0),
  document: z.string().describe('YAML; secrets are references'),
})

export const servedVersionSchema = z.object({ version: z.int().min(0) })
