import * as z from 'zod'
import { nameSchema } from '../name.ts'

/** SCEP (RFC 8894). */
export const scepSchema = z.strictObject({
  enabled: z.boolean().default(false).describe('Answer SCEP on the enrolment ports, with and without TLS'),
  challengeValidation: nameSchema
    .default('own')
    .describe('own = challenges made here; else one of challengeValidators'),
  challengeMinutes: z
    .int()
    .min(1)
    .max(43_200)
    .default(60)
    .describe('How long a challenge can be used, where whoever makes it does not say'),
  allow3des: z
    .boolean()
    .default(false)
    .describe('Take and write envelopes with 3DES, for old devices that know nothing else'),
  allowDes: z
    .boolean()
    .default(false)
    .describe(
      'Take and write envelopes with single DES, which protects nothing: for tests with scepclient of micromdm',
    ),
  allowSha1: z
    .boolean()
    .default(false)
    .describe('Take messages signed over SHA-1, for old devices; what is issued never is'),
})

export type ScepConfiguration = Readonly<z.output<typeof scepSchema>>
