import * as z from 'zod'
import { macItemSchema } from '../../../identity/mac/mac-item.ts'
import { MOST_IN_ONE_IMPORT } from '../../../identity/mac/mac-store.ts'
import { count, instant } from './common.ts'
import { instantInput } from './users.ts'

export const macParameter = z.object({ mac: z.string().max(32) })

export const newMacSchema = macItemSchema

export const macSchema = z
  .object({
    mac: z.string().describe('Twelve lower-case hexadecimal digits'),
    description: z.string(),
    groups: z.array(z.string()).readonly().describe('Of the MAC store alone'),
    owner: z.string(),
    disabled: z.boolean(),
    expiresAt: z.exactOptional(instant),
    attributes: z.record(z.string(), z.string()).readonly(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Mac' })

const macFields = macItemSchema.shape

export const macPatchSchema = z.strictObject({
  description: z.exactOptional(macFields.description.unwrap()),
  groups: z.exactOptional(macFields.groups.unwrap()),
  owner: z.exactOptional(macFields.owner.unwrap()),
  disabled: z.exactOptional(macFields.disabled.unwrap()),
  expiresAt: z.exactOptional(instantInput.nullable()).describe('null: never'),
  attributes: z.exactOptional(macFields.attributes.unwrap()),
})

export const macImportSchema = z.strictObject({
  items: z
    .array(macItemSchema)
    .min(1)
    .max(MOST_IN_ONE_IMPORT)
    .describe('Each whole: what is there is replaced'),
})

export const importedMacsSchema = z.object({ created: count, changed: count, unchanged: count })

export const unknownMacSchema = z
  .object({
    mac: z.string(),
    client: z.string().describe('The RADIUS client that asked'),
    port: z.exactOptional(z.string()).describe('NAS-Port-Id, else NAS-Port, of the last request'),
    requests: count,
    firstSeenAt: instant,
    lastSeenAt: instant,
  })
  .meta({ id: 'UnknownMac' })
