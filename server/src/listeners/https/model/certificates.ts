import * as z from 'zod'
import { MOST_DAYS, REVOCATION_REASONS } from '../../../enrolment/authority.ts'
import { instant, listQuerySchema, name } from './common.ts'

const pem = z.string().describe('PEM')

export const certificateSchema = z
  .object({
    serial: z.string().describe('Lower-case hex'),
    kind: z.string().describe('client, radius-server-ecdsa, https-server, issuing-ca ...'),
    subject: z.string(),
    notBefore: instant,
    notAfter: instant,
    status: z
      .enum(['recorded', 'issued', 'held', 'revoked'])
      .describe(
        'recorded: the serial is taken, but nothing was signed with it; held: revoked until it is released',
      ),
    revokedAt: z.exactOptional(instant),
    reason: z.exactOptional(z.string()).describe('Of the revocation'),
    template: z.exactOptional(z.string()).describe('Absent: the product issued it to itself'),
    protocol: z.exactOptional(z.string()).describe('By which it was asked for'),
    holder: z.exactOptional(z.string()).describe('Name of the account when it was issued'),
    deviceId: z.exactOptional(z.string()),
    request: z.exactOptional(z.int()).describe('The request it was issued for'),
    renews: z.exactOptional(z.string()).describe('Serial of the certificate it took the place of'),
    supersededBy: z.exactOptional(z.string()).describe('Serial of the certificate that took its place'),
  })
  .meta({ id: 'Certificate' })

export const newCertificateSchema = z.strictObject({
  user: name.describe('An account of any source; the names in the certificate are those of the account'),
  template: z
    .exactOptional(name)
    .describe('Certificate template; absent: the only one that fits, else the built-in one'),
  days: z
    .exactOptional(z.int().min(1).max(MOST_DAYS))
    .describe('Less than the template allows; absent: as long as it does'),
  request: z
    .exactOptional(z.string().max(16_384))
    .describe('PKCS #10 in PEM; its names are not used. Absent: the key is made here and shown this once'),
})

export const issuedCertificateSchema = z.object({
  serial: z.string(),
  fingerprint: z.string().describe('SHA-256, lower-case hex'),
  userName: z.string().describe('User principal name: who logs in with it'),
  notAfter: instant,
  chain: pem.describe('The certificate and the issuing CA, PEM'),
  root: pem,
  key: z.exactOptional(pem).describe('PKCS #8 in PEM; shown this once and not kept'),
})

export const revocationSchema = z.strictObject({
  reason: z.enum(REVOCATION_REASONS).default('unspecified'),
  invalidityDate: z
    .exactOptional(
      instant.refine((text) => !Number.isNaN(Date.parse(text)), 'No instant such as 2026-01-05T09:00:00Z.'),
    )
    .describe('Since when the key is known or suspected to be lost (RFC 5280 section 5.3.2)'),
})

const toldSchema = z.enum(['told', 'unchanged'])

export const changedCertificateSchema = certificateSchema
  .extend({
    action: z
      .object({
        id: z.string().describe('The same stands in the log, and in what became of sessions'),
        changed: z.boolean().describe('false: it was so already'),
        to: z.enum(['revoked', 'held', 'released']),
        logins: toldSchema.describe('told: the next login is answered by it'),
        ocsp: toldSchema.describe('told: OCSP answers by it'),
        crls: z
          .array(z.object({ kind: z.enum(['full', 'delta']), number: z.int(), issuer: z.string() }))
          .readonly()
          .describe('CRLs that were published with it'),
        crlFailures: z
          .array(z.string())
          .readonly()
          .describe('Why a CRL was not; tried again within a minute'),
      })
      .describe('What was done; live sessions are ended by GET /grants'),
  })
  .meta({ id: 'ChangedCertificate' })

export const authoritySchema = z
  .object({
    root: pem.describe('The root CA, PEM; the current one last'),
    issuing: pem.describe('The issuing CA, PEM; the current one last'),
    crl: pem.describe('The newest full and delta CRL of each CA, PEM'),
  })
  .meta({ id: 'CertificateAuthority' })

export const serverCertificateSchema = z
  .object({
    name: z.string().describe('Of its entry in serverCertificates; built-in: the one without an entry'),
    key: z.enum(['ecdsa', 'rsa']).describe('Where a name has both, TLS picks what the supplicant can verify'),
    subject: z.string(),
    issuer: z.string(),
    serial: z.string().describe('Lower-case hex'),
    fingerprint: z.string().describe('SHA-256, lower-case hex'),
    notBefore: instant,
    notAfter: instant,
    dnsNames: z.array(z.string()).readonly(),
    clients: z.array(z.string()).readonly().describe('RADIUS clients it is for; empty: any'),
    realms: z.array(z.string()).readonly().describe('Realms of the outer identity it is for; empty: any'),
  })
  .meta({ id: 'ServerCertificate' })

const failureSchema = z.object({ at: instant, detail: z.string() })

export const trustedCaSchema = z
  .object({
    name: z.string().describe('Of its entry in trust'),
    kind: z.enum(['own', 'pem']),
    certificates: z.array(z.object({ subject: z.string(), notAfter: instant })).readonly(),
    purpose: z
      .object({
        clients: z.array(z.string()).readonly(),
        realms: z.array(z.string()).readonly(),
        extendedKeyUsages: z.array(z.string()).readonly(),
      })
      .describe('What it may vouch for; empty lists: everything'),
    check: z.enum(['own', 'auto', 'required', 'none']).describe('own: by the CRL of the own CA'),
    whenUnreachable: z.exactOptional(z.string()),
    lists: z
      .array(
        z.object({
          url: z.string(),
          number: z.exactOptional(z.string()),
          revoked: z.exactOptional(z.int().min(0)).describe('Entries'),
          thisUpdate: z.exactOptional(instant),
          nextUpdate: z.exactOptional(instant),
          fetchedAt: z.exactOptional(instant),
          lastError: z.exactOptional(failureSchema),
        }),
      )
      .readonly()
      .describe('CRLs that were fetched, or were to be'),
    responders: z
      .array(
        z.object({
          host: z.string(),
          answeredAt: z.exactOptional(instant),
          lastError: z.exactOptional(failureSchema),
          leftAlone: z.boolean().describe('It failed several times and is not asked for half a minute'),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'TrustedCa' })

export const certificateQuerySchema = listQuerySchema.extend({
  kind: z.exactOptional(z.string().max(50)),
  template: z.exactOptional(z.string().max(100)),
  status: z.exactOptional(z.enum(['recorded', 'issued', 'held', 'revoked'])),
  expiringBefore: z
    .exactOptional(instant)
    .describe('Still good, not renewed, and ending before this; the first to end comes first'),
})
