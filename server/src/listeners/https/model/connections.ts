import * as z from 'zod'
import { AUTHENTICATION_METHODS, CONNECTION_KINDS, LANGUAGES } from '../../../config/schema.ts'
import { CERTIFICATE_WISHES } from '../../../profiles/certificates/form-choice.ts'
import { POSSIBILITIES } from '../../../profiles/possibility.ts'
import { CLIENT_SYSTEMS } from '../../../profiles/profile-output.ts'
import { instant, name } from './common.ts'

export const profileFindingSchema = z
  .object({
    severity: z.enum(['obstacle', 'warning']).describe('obstacle = no file can be made'),
    code: z.string(),
    message: z.string(),
    setting: z.exactOptional(z.string()).describe('Where in the configuration'),
  })
  .meta({ id: 'ProfileFinding' })

export const connectionSchema = z
  .object({
    name: z.string(),
    kind: z.enum(CONNECTION_KINDS),
    title: z.string().describe('What people see it as'),
    enabled: z.boolean(),
    authentication: z.enum(AUTHENTICATION_METHODS),
    groups: z.array(z.string()).describe('Members may fetch it for themselves'),
    outputs: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        system: z.enum(CLIENT_SYSTEMS),
        possible: z
          .enum(POSSIBILITIES)
          .describe('needs-person: made only for somebody named (user); no: its findings say why'),
        findings: z.array(profileFindingSchema),
      }),
    ),
  })
  .meta({ id: 'Connection' })

export const profileWishSchema = z.strictObject({
  output: name.describe('Id of the output, such as windows-script'),
  user: z.exactOptional(z.string().min(1).max(256)).describe('For whom; absent: for everybody'),
  language: z.exactOptional(z.enum(LANGUAGES)).describe('Absent: organization.language'),
  certificate: z
    .exactOptional(z.enum(CERTIFICATE_WISHES))
    .describe(
      "How the user's own certificate comes along; absent: the best form that the output takes and the configuration offers, where the connection needs one",
    ),
  unsigned: z
    .exactOptional(z.boolean())
    .describe('true: a profile of Apple as XML; by default it is signed (CMS)'),
  device: z
    .exactOptional(z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/, 'Not a serial number or UDID.'))
    .describe('With certificate acme: serial number or UDID of the device'),
})

export const profileFileSchema = z
  .object({
    name: z.string(),
    mediaType: z.string(),
    encoding: z.enum(['utf8', 'base64']),
    content: z.string(),
    holdsSecret: z.boolean().describe('A password, a shared key, a challenge or a private key stands in it'),
  })
  .meta({ id: 'ProfileFile' })

export const profileCertificateSchema = z
  .object({
    form: z.enum(CERTIFICATE_WISHES),
    template: z.exactOptional(z.string()),
    serial: z.exactOptional(z.string()).describe('pkcs12: of the certificate that was issued'),
    notAfter: z.exactOptional(instant),
    password: z.exactOptional(z.string()).describe('pkcs12: of the container; shown this once'),
    challengeExpiresAt: z.exactOptional(instant).describe('scep, est: until when the file can be installed'),
    passedOver: z
      .array(z.string())
      .readonly()
      .describe('Better forms the configuration does not offer, and why'),
  })
  .meta({ id: 'ProfileCertificate' })

export const madeFilesSchema = z
  .object({
    files: z.array(profileFileSchema).readonly(),
    findings: z.array(profileFindingSchema).readonly().describe('What of the connection they do not carry'),
    certificate: z.exactOptional(profileCertificateSchema),
  })
  .meta({ id: 'MadeFiles' })
