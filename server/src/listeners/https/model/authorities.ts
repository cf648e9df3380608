import * as z from 'zod'
import { instant } from './common.ts'

const pem = z.string().describe('PEM')
const givenPem = z.string().min(1).max(200_000)
const keyId = z.string().regex(/^[0-9a-f]{40}$/, 'Not a key identifier: 40 hex digits')

export const authorityItemSchema = z
  .object({
    keyId: z.string().describe('Subject key identifier, lower-case hex'),
    role: z.enum(['root', 'issuing']),
    state: z
      .enum(['prepared', 'active', 'former'])
      .describe('prepared: clients are being told; former: it goes on signing CRLs'),
    origin: z
      .enum(['own', 'imported', 'outside'])
      .describe('imported: it came with its key; outside: another CA signed our request'),
    subject: z.string(),
    issuer: z.string(),
    fingerprint: z.string().describe('SHA-256, lower-case hex'),
    notBefore: instant,
    notAfter: instant,
    key: z.string().describe('P-256, RSA-3072 ...'),
    token: z.exactOptional(z.string()).describe('Label of the PKCS #11 token that holds the key'),
    certificate: pem,
  })
  .meta({ id: 'Authority' })

export const authorityRequestSchema = z
  .object({ keyId: z.string(), createdAt: instant, request: z.string().describe('PKCS #10 in PEM') })
  .meta({ id: 'AuthorityRequest' })

export const authorityListSchema = z
  .object({
    items: z.array(authorityItemSchema).readonly(),
    requests: z
      .array(authorityRequestSchema)
      .readonly()
      .describe('They wait for a certificate of an outside CA'),
    anchors: pem.describe('What clients are to trust: the current root first, a prepared one, former ones'),
    certificates: pem.describe('All CA certificates with those by which one root vouches for another'),
    next: z
      .exactOptional(
        z.object({
          keyId: z.string(),
          anchor: z.string().describe('SHA-256 of the root it stands below'),
          anchorIsNew: z.boolean().describe('false: clients know it already'),
          holders: z.int().describe('Holders of valid certificates'),
          withAnchor: z.int().describe('Those of them who were handed the new anchor'),
          missing: z.array(z.string()).readonly().describe('Names of some who were not'),
        }),
      )
      .describe('What a switch would do'),
  })
  .meta({ id: 'AuthorityList' })

const keyWish = {
  key: z.enum(['p256', 'rsa3072']).default('p256'),
  token: z
    .exactOptional(z.strictObject({ label: z.string().min(1).max(64), pin: z.string().min(1).max(256) }))
    .describe('Make the key in this PKCS #11 token; the PIN is stored sealed'),
}

export const newAuthoritySchema = z.strictObject({
  ...keyWish,
  sameRoot: z.boolean().default(false).describe('Only a new issuing CA: no client has to be told'),
})

export const newAuthorityRequestSchema = z.strictObject({
  ...keyWish,
  commonName: z.exactOptional(z.string().min(1).max(64)),
})

export const installedAuthoritySchema = z.strictObject({
  certificates: givenPem.describe('The signed certificate and every CA above it, PEM'),
})

export const importedAuthoritySchema = z.union([
  z.strictObject({
    certificates: givenPem.describe('The issuing CA and every CA above it, PEM'),
    key: givenPem.describe('PKCS #8, PKCS #1 or SEC 1, PEM'),
    password: z.exactOptional(z.string().max(256)),
  }),
  z.strictObject({
    pkcs12: z.base64().max(400_000),
    password: z.string().max(256),
  }),
])

export const switchSchema = z.strictObject({
  force: z.boolean().default(false).describe('Also while somebody was not handed the new anchor'),
})

export const discardedAuthoritySchema = z.strictObject({ keyId })

export const confirmationSchema = z.strictObject({
  holders: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(1000)
    .describe('User names or device ids of certificates that were given the new anchor by other means'),
})
