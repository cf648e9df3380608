import { isIP } from 'node:net'
import * as z from 'zod'

/** What a device can be told to do with a session. */
export const SESSION_ACTIONS = ['disconnect', 'reauthenticate', 'bounce-port'] as const

export type SessionAction = (typeof SESSION_ACTIONS)[number]

/** How the request of one action looks; replaces what is known of the vendor. */
const recipeSchema = z.strictObject({
  packet: z.enum(['disconnect', 'coa']).describe('Disconnect-Request or CoA-Request'),
  attributes: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('Name in the dictionary'),
        value: z.string().min(1).describe('Value as text'),
      }),
    )
    .default([])
    .describe('Sent beside those that name the session'),
})

/** CoA and Disconnect (RFC 5176) with one RADIUS client, in both directions. */
export const dynamicAuthorizationSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('false: the device is never sent a CoA or Disconnect'),
  address: z
    .exactOptional(z.string().refine((text) => isIP(text) !== 0, 'Not an IP address.'))
    .describe('Where the device listens, if not at its own address'),
  port: z
    .exactOptional(z.int().min(1).max(65_535))
    .describe('UDP port of the device; absent = the default of its vendor (3799, Cisco and Meraki 1700)'),
  identify: z
    .exactOptional(z.array(z.string().min(1)).min(1))
    .describe(
      'Attributes that name the session to the device, taken from its accounting: `User-Name`, or one pair of a vendor as `Cisco-AVPair:audit-session-id`; absent = those its vendor wants',
    ),
  messageAuthenticator: z
    .boolean()
    .default(true)
    .describe('false: sign without Message-Authenticator, for a device that refuses it'),
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(30)
    .default(2)
    .describe('Wait before the request is sent again; doubles with each (RFC 5080)'),
  retries: z.int().min(0).max(5).default(2).describe('How often it is sent again'),
  disconnect: z.exactOptional(recipeSchema).describe('Replaces the request that disconnects'),
  reauthenticate: z.exactOptional(recipeSchema).describe('Replaces the request that re-authenticates'),
  bouncePort: z.exactOptional(recipeSchema).describe('Replaces the request that bounces the port'),
  maySend: z
    .boolean()
    .default(false)
    .describe('This client may send CoA and Disconnect to us; we relay them to the device of the session'),
  requireEventTimestamp: z
    .boolean()
    .default(true)
    .describe('false: take its requests without Event-Timestamp, which can be replayed'),
})

export type DynamicAuthorizationConfiguration = Readonly<z.output<typeof dynamicAuthorizationSchema>>
export type RecipeConfiguration = Readonly<z.output<typeof recipeSchema>>

/** Of a client that says nothing about it. */
export const DEFAULT_DYNAMIC_AUTHORIZATION: DynamicAuthorizationConfiguration =
  dynamicAuthorizationSchema.parse({})
