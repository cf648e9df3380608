import * as z from 'zod'
import { addressKind } from './client-address.ts'
import { nameSchema } from './name.ts'
import { secretSchema, type WithOpenSecrets } from './secret.ts'

const port = z.int().min(1).max(65_535)

/** Upstreams: the RADIUS servers requests are passed on to. Those that name the same group stand in for each other. */
export const upstreamSchema = z.strictObject({
  name: nameSchema.describe('Shown in receipts'),
  group: nameSchema.describe('Remote RADIUS server group it belongs to; realms and sources name the group'),
  host: z
    .string()
    .refine(
      (text) => ['address', 'dns-name'].includes(addressKind(text) ?? ''),
      'Not an IP address or DNS name.',
    )
    .describe('IP address (IPv4 or IPv6) or DNS name'),
  authenticationPort: port.default(1812).describe('UDP port for logins'),
  accountingPort: port.default(1813).describe('UDP port for accounting'),
  enabled: z.boolean().default(true).describe('A disabled one is never asked'),
  secret: secretSchema.describe('Shared secret'),
  priority: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('Lower is asked first; higher only when those are dead'),
  weight: z.int().min(1).max(1000).default(50).describe('Share of the logins among equal priorities'),
  timeoutMilliseconds: z
    .int()
    .min(100)
    .max(30_000)
    .default(1000)
    .describe('Wait before a request is sent again; doubles with each'),
  retries: z
    .int()
    .min(0)
    .max(5)
    .default(1)
    .describe('How often it is sent again before the next server is asked'),
  statusServer: z
    .boolean()
    .default(true)
    .describe('Ask with Status-Server (RFC 5997) whether it is there; counts only once it has answered one'),
  statusIntervalSeconds: z.int().min(1).max(3600).default(20).describe('Time between two such questions'),
  deadTimeSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe(
      'A dead server is given the next login after this time, unless it answered Status-Server before',
    ),
  requireMessageAuthenticator: z
    .boolean()
    .default(true)
    .describe('false takes replies without Message-Authenticator (open to CVE-2024-3596)'),
})

export type UpstreamDocument = z.output<typeof upstreamSchema>
export type UpstreamConfiguration = Readonly<WithOpenSecrets<UpstreamDocument>>
