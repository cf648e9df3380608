import * as z from 'zod'
import { acmeSchema } from './enrolment/acme.ts'
import { estSchema } from './enrolment/est.ts'
import { keepDaysSchema, requestDaysSchema } from './enrolment/keeping.ts'
import { linksSchema } from './enrolment/links.ts'
import { revocationPublishingSchema } from './enrolment/revocation.ts'
import { scepSchema } from './enrolment/scep.ts'
import { windowsSchema } from './enrolment/windows.ts'

const baseUrl = (protocol: 'http:' | 'https:') =>
  z
    .string()
    .max(200)
    .refine(
      (text) => URL.canParse(text) && new URL(text).protocol === protocol && !/[?#]|\/$/.test(text),
      `Not a URL of the form ${protocol}//name, without a slash at its end.`,
    )

/** How certificates are asked for and where their state is published. One file for each protocol's part. */
export const enrolmentSchema = z.strictObject({
  httpUrl: z
    .exactOptional(baseUrl('http:'))
    .describe(
      'Where everybody reaches the plain HTTP port; certificates then say where CRLs, OCSP and CA certificates are',
    ),
  httpsUrl: z
    .exactOptional(baseUrl('https:'))
    .describe('Where clients reach the enrolment port; its name goes into the HTTPS certificate'),
  keepDays: keepDaysSchema,
  requestDays: requestDaysSchema,
  revocation: revocationPublishingSchema,
  est: estSchema.prefault({}).describe('Enrolment over secure transport (EST, RFC 7030)'),
  acme: acmeSchema.prefault({}).describe('ACME (RFC 8555)'),
  scep: scepSchema.prefault({}).describe('SCEP (RFC 8894), for devices and MDM servers'),
  links: linksSchema.prefault({}).describe('Pages where people fetch the files of connections'),
  windows: windowsSchema
    .prefault({})
    .describe('Auto-enrolment of Windows by group policy (MS-XCEP, MS-WSTEP)'),
})

export type EnrolmentConfiguration = Readonly<z.output<typeof enrolmentSchema>>
