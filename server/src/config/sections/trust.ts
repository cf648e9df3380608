import * as z from 'zod'
import { nameSchema } from './name.ts'

/** Certification authorities trusted for client certificates. */
export const trustSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    name: nameSchema.describe('Shown in receipts'),
    kind: z.literal('own').describe("Sallyport's own certification authority"),
  }),
  z.strictObject({
    name: nameSchema.describe('Shown in receipts'),
    kind: z.literal('pem').describe('A foreign certification authority'),
    pem: z
      .string()
      .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), 'No PEM certificate found.')
      .describe('One or more certificates in PEM'),
  }),
])

export type TrustConfiguration = Readonly<z.output<typeof trustSchema>>
