import * as z from 'zod'
import { instant, name } from './common.ts'

const names = z.array(z.string().min(1).max(253)).max(100)

export const acmeKeySchema = z
  .object({
    id: z.string().describe('Key id: what clients call kid'),
    template: z.string(),
    user: z.exactOptional(z.string()).describe('Whom certificates are for; absent: a server or a device'),
    names: names.describe('Names an account may order; empty: all the template allows'),
    note: z.string(),
    createdAt: instant,
    createdBy: z.string(),
    expiresAt: instant.describe('Until then an account can be made with it'),
    account: z.exactOptional(z.string()).describe('The ACME account that was made with it'),
    usedAt: z.exactOptional(instant),
  })
  .meta({ id: 'AcmeKey' })

export const newAcmeKeySchema = z.strictObject({
  template: name.describe('Its certificates, at /acme/TEMPLATE/directory'),
  user: z.exactOptional(z.string().min(1).max(253)).describe('With its realm: whom certificates are for'),
  names: names.default([]).describe('Narrows the names the template allows'),
  note: z.string().max(200).default(''),
  days: z.int().min(1).max(365).default(30).describe('So long an account can be made with it'),
})

export const madeAcmeKeySchema = acmeKeySchema
  .extend({
    macKey: z.string().describe('HMAC key in base64url; shown this once'),
    directory: z.exactOptional(z.string()).describe('Where enrolment.httpsUrl is set'),
  })
  .meta({ id: 'MadeAcmeKey' })

export const acmeAccountSchema = z
  .object({
    id: z.string(),
    template: z.string(),
    status: z.enum(['valid', 'deactivated', 'revoked']),
    contacts: z.array(z.string()),
    key: z.exactOptional(z.string()).describe('The key of an external account it was made with'),
    user: z.exactOptional(z.string()),
    names,
    createdAt: instant,
    createdFrom: z.string().describe('Address of the client'),
    seenAt: instant.describe('When it last ordered'),
  })
  .meta({ id: 'AcmeAccount' })

export const acmePageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.exactOptional(z.string().max(64)),
})
export const acmeIdParameter = z.object({ id: z.string().min(1).max(64) })
