import * as z from 'zod'
import { MOST_DAYS } from '../../../enrolment/authority.ts'
import { instant, listQuerySchema, name } from './common.ts'

const pem = z.string().describe('PEM')
const template = z
  .exactOptional(name)
  .describe('Certificate template; absent: the only one that fits, else the built-in one')
/** What a request of 64 KiB takes in PEM. */
const MOST_CHARACTERS = 90_000

export const certificateRequestSchema = z
  .object({
    id: z.int(),
    status: z
      .enum(['pending', 'approved', 'issued', 'denied'])
      .describe('approved: to be issued; it was not yet'),
    template: z.string(),
    protocol: z.string(),
    requester: z.string().describe('Who asked, as it was proved'),
    holder: z.exactOptional(z.string()).describe('Id of the account it is for'),
    deviceId: z.exactOptional(z.string()),
    renews: z.exactOptional(z.string()).describe('Serial of the certificate that is renewed'),
    serial: z.exactOptional(z.string()).describe('Of what was issued'),
    createdAt: instant,
    decidedAt: z.exactOptional(instant),
    decidedBy: z.exactOptional(z.string()),
    note: z.exactOptional(z.string()),
  })
  .meta({ id: 'CertificateRequest' })

export const certificateRequestDetailSchema = certificateRequestSchema
  .extend({
    request: pem,
    asked: z
      .object({
        subject: z.string(),
        names: z.array(z.string()).readonly().describe('Of the subjectAltName, `dns:vpn.example.org`'),
        key: z.string(),
      })
      .describe('What stands in the request; the template decides what of it counts'),
    certificate: z.exactOptional(pem),
    notAfter: z.exactOptional(instant),
  })
  .meta({ id: 'CertificateRequestDetail' })

export const newCertificateRequestSchema = z.strictObject({
  request: z.string().max(MOST_CHARACTERS).describe('PKCS #10, PEM'),
  template,
  user: z.exactOptional(name).describe('Whom it is for; absent: a server or device without an account'),
  days: z.exactOptional(z.int().min(1)).describe('Less than the template allows'),
})

export const certificateRequestDecisionSchema = z.strictObject({
  note: z.exactOptional(z.string().max(500)).describe('Why; the requester of a denied request is told'),
})

export const certificateRequestQuerySchema = listQuerySchema.extend({
  status: z.exactOptional(z.enum(['pending', 'approved', 'issued', 'denied'])),
})

export const requestIdParameter = z.object({ id: z.coerce.number().int().min(1) })

export const newPkcs12Schema = z.strictObject({
  user: name.describe('An account of any source; the names in the certificate are those of the account'),
  template,
  days: z.exactOptional(z.int().min(1).max(MOST_DAYS)),
  legacy: z
    .boolean()
    .default(false)
    .describe(
      '3DES and SHA-1, for systems that read nothing newer: the file is only as safe as its password',
    ),
})

export const madePkcs12Schema = z.object({
  serial: z.string(),
  fingerprint: z.string().describe('SHA-256, lower-case hex'),
  userName: z.string().describe('Who logs in with it'),
  notAfter: instant,
  root: pem,
  container: z.string().describe('PKCS #12 in base64: key, certificate and CAs; not kept'),
  password: z.string().describe('Of the container; shown this once'),
})

const templateProblem = z.object({
  field: z.string(),
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
})

export const certificateTemplateStateSchema = z
  .object({
    name: z.string(),
    base: z.string(),
    holder: z.enum(['person', 'computer', 'device', 'server']).describe('Whom it is for'),
    oid: z.string().describe('By which Windows knows it'),
    extendedKeyUsages: z.array(z.string()).readonly(),
    subjectAltNames: z.array(z.string()).readonly(),
    commonName: z.string(),
    validityDays: z.int(),
    renewalDays: z.int(),
    keys: z.object({
      algorithms: z.array(z.string()).readonly(),
      minimumRsaBits: z.int(),
      reuse: z.boolean(),
      attestation: z.string(),
    }),
    names: z.enum(['account', 'proved', 'requested']),
    allowedNames: z.array(z.string()).readonly(),
    sidExtension: z.boolean(),
    enrol: z.object({
      groups: z.array(z.string()).readonly(),
      sources: z.array(z.string()).readonly(),
      auto: z.boolean(),
    }),
    protocols: z.array(z.string()).readonly(),
    approval: z.enum(['none', 'required']),
    perHolder: z.int(),
    supersedes: z.array(z.string()).readonly(),
    revision: z.int(),
    problems: z.array(templateProblem).readonly().describe('What the linter says'),
  })
  .meta({ id: 'CertificateTemplate' })
