import * as z from 'zod'
import { addressKind } from './client-address.ts'
import { dynamicAuthorizationSchema } from './dynamic-authorization.ts'
import { macAuthenticationSchema } from './mac-authentication.ts'
import { nameSchema } from './name.ts'
import { secretSchema, type WithOpenSecrets } from './secret.ts'
import { VENDORS } from './vendors.ts'

/** RADIUS clients: the VPN gateways, access points and switches that may ask. */
export const clientSchema = z.strictObject({
  name: nameSchema.describe('Friendly name; conditions read it as client.name'),
  address: z
    .string()
    .refine((text) => addressKind(text) !== undefined, 'Not an IP address, CIDR network or DNS name.')
    .describe(
      'IP address (of a link-local one with its interface: fe80::1%eth0), CIDR network (IPv4 or IPv6) or DNS name',
    ),
  enabled: z.boolean().default(true).describe('A disabled client is answered with silence'),
  vendor: z.enum(VENDORS).default('other').describe('Tells which vendor attributes the device understands'),
  secret: secretSchema.describe('Shared secret'),
  newSecret: z
    .exactOptional(secretSchema)
    .describe('Second valid secret while the device is being changed over'),
  requireMessageAuthenticator: z
    .boolean()
    .default(true)
    .describe('false lets a legacy device ask without Message-Authenticator (open to CVE-2024-3596)'),
  dynamicAuthorizationSecret: z
    .exactOptional(secretSchema)
    .describe('Shared secret of CoA and Disconnect, where the device has one of its own for them'),
  dynamicAuthorization: z
    .exactOptional(dynamicAuthorizationSchema)
    .describe('CoA and Disconnect (RFC 5176) with this client'),
  macAuthentication: macAuthenticationSchema
    .prefault({})
    .describe('Devices without a supplicant, let in by their MAC address'),
})

export type ClientDocument = z.output<typeof clientSchema>
export type ClientConfiguration = Readonly<WithOpenSecrets<ClientDocument>>
