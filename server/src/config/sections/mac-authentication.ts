import * as z from 'zod'
import { MAC_FORMATS } from '../../kernel/mac-address.ts'

/** How requests of one client are told to be MAC authentication bypass. */
export const macAuthenticationSchema = z.strictObject({
  recognise: z
    .enum(['off', 'call-check', 'user-name-is-mac'])
    .default('off')
    .describe(
      'call-check: Service-Type is Call-Check and User-Name a MAC address; user-name-is-mac: name and password are one MAC address',
    ),
  formats: z
    .exactOptional(
      z
        .array(z.enum(MAC_FORMATS))
        .min(1, 'An empty list would recognise nothing; leave it out for every format.'),
    )
    .describe('Formats of User-Name that are recognised, upper or lower case; absent = every one'),
  callingStationId: z
    .enum(['required', 'if-present'])
    .default('required')
    .describe('Calling-Station-Id must name the same MAC address; if-present: may be missing'),
  blankPassword: z
    .boolean()
    .default(false)
    .describe(
      'With user-name-is-mac: an empty or missing password is taken too (MikroTik, mac-mode as-username)',
    ),
})

export type MacAuthentication = Readonly<z.output<typeof macAuthenticationSchema>>
