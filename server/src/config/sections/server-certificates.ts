import * as z from 'zod'
import { nameSchema } from './name.ts'
import { privateKeySchema, type WithOpenSecrets } from './secret.ts'

/** Whom a certificate is shown to; both lists empty: to everybody whom no other entry names. */
const selection = {
  clients: z
    .array(nameSchema)
    .default([])
    .describe('Shown to logins that come through these RADIUS clients; empty = through any'),
  realms: z
    .array(nameSchema)
    .default([])
    .describe('Shown to logins whose outer identity belongs to these realms; empty = to any'),
}

/** Server certificates of EAP-TLS, PEAP and EAP-TTLS besides the built-in one, the first that fits a login. */
export const serverCertificateSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    name: nameSchema.describe('Shown in receipts'),
    kind: z.literal('own').describe('Issued and renewed by the own CA, with an ECDSA and an RSA key'),
    serverName: z
      .string()
      .regex(/^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*$/, 'Not a DNS name.')
      .describe('DNS name in the certificate: what supplicants are told to expect'),
    ...selection,
  }),
  z.strictObject({
    name: nameSchema.describe('Shown in receipts'),
    kind: z.literal('pem').describe('Issued by another CA'),
    chain: z
      .string()
      .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), 'No PEM certificate found.')
      .describe('The certificate, then its intermediate CAs, in PEM; the root may be left out'),
    key: privateKeySchema.describe('Private key in PEM, not encrypted; stored sealed'),
    ...selection,
  }),
])

export type ServerCertificateDocument = z.output<typeof serverCertificateSchema>
export type ServerCertificateConfiguration = Readonly<WithOpenSecrets<ServerCertificateDocument>>

/** The certificate that is there without configuration, by the own CA for `settings.serverName`. */
export const BUILT_IN_CERTIFICATE = 'built-in'
