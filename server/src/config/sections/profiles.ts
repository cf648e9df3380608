import { isIP } from 'node:net'
import * as z from 'zod'
import { SESSION_ACTIONS } from './dynamic-authorization.ts'
import { nameSchema } from './name.ts'

/** An attribute carries at most 253 octets (RFC 2865 section 5). */
const textAttribute = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= 253, 'Longer than the 253 octets of a RADIUS attribute.')

/** Authorization profiles: what an Access-Accept carries. */
export const profileSchema = z.strictObject({
  name: nameSchema.describe('Rules refer to it'),
  vlan: z
    .exactOptional(z.int().min(1).max(4094))
    .describe('VLAN id (Tunnel-Private-Group-Id with its companions, RFC 3580)'),
  filterId: z.exactOptional(textAttribute).describe('Filter-Id: an access list the device knows'),
  sessionTimeoutSeconds: z
    .exactOptional(z.int().min(1).max(0xffffffff))
    .describe('Session-Timeout: the device ends the session or authenticates again'),
  terminationAction: z
    .exactOptional(z.enum(['default', 'radius-request']))
    .describe(
      'Termination-Action: radius-request has the device authenticate again at the Session-Timeout, instead of ending the session',
    ),
  idleTimeoutSeconds: z
    .exactOptional(z.int().min(1).max(0xffffffff))
    .describe('Idle-Timeout: the device ends an idle session'),
  class: z.exactOptional(textAttribute).describe('Class: comes back in accounting'),
  framedIpAddress: z
    .exactOptional(z.string().refine((text) => isIP(text) === 4, 'Not an IPv4 address.'))
    .describe('Framed-IP-Address'),
  whenRevoked: z
    .exactOptional(z.enum(SESSION_ACTIONS))
    .describe('What the device is told once the session is no longer allowed; absent = disconnect'),
  attributes: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('Name in the dictionary'),
        value: z.string().min(1).describe('Value as text'),
      }),
    )
    .default([])
    .describe('Any other attribute by name'),
})

export type ProfileConfiguration = Readonly<z.output<typeof profileSchema>>
