import * as z from 'zod'
import { normaliseMac } from '../../kernel/mac-address.ts'

const shortText = z.string().max(200)

/** One member of `macs:` in the document, and of an import. */
export const macItemSchema = z.strictObject({
  mac: z
    .string()
    .max(32)
    .refine(
      (text) => normaliseMac(text) !== undefined,
      'Not the MAC address of a device: twelve hexadecimal digits, plain or with one kind of separator.',
    )
    .describe("In any format; quote one of digits alone ('001122334455')"),
  description: shortText.default('').describe('Conditions read mac.description'),
  groups: z
    .array(shortText.min(1))
    .max(50)
    .default([])
    .describe('Conditions read mac.groups; names of its own'),
  owner: shortText.default('').describe('Conditions read mac.owner'),
  disabled: z.boolean().default(false),
  expiresAt: z
    .exactOptional(z.iso.datetime({ offset: true }))
    .describe('From this moment the address is refused'),
  attributes: z
    .record(z.string().min(1).max(100), z.string().max(1000))
    .default({})
    .describe('Conditions read mac.attributes'),
})

export type MacItem = z.output<typeof macItemSchema>
