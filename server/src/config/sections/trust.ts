import * as z from 'zod'
import { nameSchema } from './name.ts'

/** What an authority may vouch for. Whatever is not listed here, its certificates do not open. */
const purposeSchema = z.strictObject({
  clients: z
    .array(nameSchema)
    .default([])
    .describe('Only logins that come through these RADIUS clients; empty = through any'),
  realms: z
    .array(nameSchema)
    .default([])
    .describe('Only accounts of these realms, as the certificate names them; empty = of any'),
  extendedKeyUsages: z
    .array(z.string().regex(/^[0-2](\.\d{1,15})+$/, 'Not an OID.'))
    .default([])
    .describe('OIDs the certificate must carry besides client authentication'),
})

const httpUrl = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).protocol === 'http:', 'Not an http:// URL.')

const revocationSchema = z.strictObject({
  check: z
    .enum(['auto', 'required', 'none'])
    .default('auto')
    .describe(
      'auto = where a certificate names a responder or a list, or one is set here; required = a certificate that names none is refused; none = lists in pem alone',
    ),
  ocspUrl: z.exactOptional(httpUrl).describe('Asked instead of the responder that client certificates name'),
  crlUrls: z.array(httpUrl).max(16).default([]).describe('Lists besides those that certificates name'),
  hosts: z
    .array(z.string().min(1).max(253))
    .default([])
    .describe(
      'Ask these hosts alone when a certificate names them; empty = any but those at loopback and link-local addresses',
    ),
  whenUnreachable: z
    .enum(['reject', 'silence', 'accept-within-grace'])
    .default('reject')
    .describe(
      'Where nobody can say whether a certificate is revoked: silence lets the RADIUS client ask another server; accept-within-grace takes the last good answer for graceHours longer',
    ),
  graceHours: z.int().min(1).max(168).default(24).describe('With accept-within-grace: after its next update'),
  maximumAgeHours: z
    .exactOptional(z.int().min(1).max(8760))
    .describe('An answer or list older than this does not count, whatever its next update says'),
})

const purpose = purposeSchema
  .prefault({})
  .describe('What the authority may vouch for; several entries may hold the same CA for several purposes')

/** Certification authorities trusted for client certificates. */
export const trustSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    name: nameSchema.describe('Conditions read it as certificate.authority'),
    kind: z.literal('own').describe("Sallyport's own certification authority"),
    purpose,
  }),
  z.strictObject({
    name: nameSchema.describe('Conditions read it as certificate.authority'),
    kind: z.literal('pem').describe('A foreign certification authority'),
    pem: z
      .string()
      .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), 'No PEM certificate found.')
      .describe('One or more certificates in PEM'),
    purpose,
    revocation: revocationSchema
      .prefault({})
      .describe('How it is found out whether a certificate was revoked'),
  }),
])

export type TrustConfiguration = Readonly<z.output<typeof trustSchema>>
export type TrustPurpose = Readonly<z.output<typeof purposeSchema>>
export type RevocationRules = Readonly<z.output<typeof revocationSchema>>
