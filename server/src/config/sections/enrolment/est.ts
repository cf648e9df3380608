import * as z from 'zod'
import { nameSchema } from '../name.ts'

/** Enrolment over secure transport (RFC 7030). */
export const estSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Answer EST at /.well-known/est of the enrolment port'),
  template: z
    .exactOptional(nameSchema)
    .describe(
      'Certificate template of requests without a label; absent: the only one the requester may enrol by EST',
    ),
  serverKeys: z
    .boolean()
    .default(false)
    .describe('Make keys for devices that cannot (serverkeygen); they are handed out once and not kept'),
  channelBinding: z
    .enum(['when-present', 'required'])
    .default('when-present')
    .describe(
      'required = each request carries tls-unique in its challengePassword, which clients can do up to TLS 1.2 alone; when present it must always be right',
    ),
})

export type EstConfiguration = Readonly<z.output<typeof estSchema>>
