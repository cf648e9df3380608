import * as z from 'zod'
import { dnsName } from './connections/common.ts'
import { ipAddress, prefix } from './connections/vpn.ts'
import { nameSchema } from './name.ts'
import { shownText } from './shown-text.ts'

/** What settings are written for. */
export const GATEWAY_KINDS = [
  'strongswan',
  'rras',
  'nps-proxy',
  'mikrotik',
  'draytek',
  'opnsense',
  'pfsense',
  'fortigate',
  'cisco-asa',
  'cisco-ios',
  'hostapd',
  'unifi',
  'aruba',
] as const
export type GatewayKind = (typeof GATEWAY_KINDS)[number]

/** `Ethernet 2`, `vEthernet (LAN)`, `GigabitEthernet1/0/7`, `1/1/1-1/1/48`. */
const interfaceName = shownText(64).regex(
  /^[\p{L}\p{N}][\p{L}\p{N} ().,:/@_-]*$/u,
  'Not the name of an interface.',
)

/** A network card of the gateway. */
const card = z.strictObject({
  interface: z.exactOptional(interfaceName).describe('What the gateway calls it'),
  address: z.exactOptional(ipAddress).describe('Its address'),
  dns: z
    .array(ipAddress)
    .max(4)
    .default([])
    .describe('DNS servers set on it; the outer card of a Windows gateway has none'),
})

/** A VPN gateway, switch or access point whose settings are written here. It asks as the RADIUS client it names. */
export const gatewaySchema = z.strictObject({
  name: nameSchema.describe('Of the gateway'),
  kind: z.enum(GATEWAY_KINDS).describe('What it is'),
  client: nameSchema.describe('RADIUS client it asks as: secrets, CoA and vendor are written there'),
  connections: z.array(nameSchema).min(1).max(16).describe('Connections it serves'),
  radiusServers: z
    .array(ipAddress)
    .min(1)
    .max(8)
    .describe('Addresses of this server and of its other nodes, as the gateway reaches them'),
  authenticationPort: z.int().min(1).max(65_535).default(1812).describe('UDP port of logins'),
  accountingPort: z.int().min(1).max(65_535).default(1813).describe('UDP port of accounting'),
  timeoutSeconds: z.int().min(1).max(60).default(5).describe('How long it waits for an answer'),
  interimSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe('Between two reports of a session; under 60 is for tests (RFC 2869 section 5.16)'),
  nasIdentifier: z
    .exactOptional(z.string().regex(/^[!-~]{1,64}$/, 'Printable ASCII without spaces.'))
    .describe('What it calls itself; the name by default'),
  hostName: z
    .exactOptional(dnsName)
    .describe('Its name in its certificate; the first gateway of its first connection by default'),
  certificate: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'Letters, digits, - and _.')
    .default('gateway')
    .describe(
      'What its own certificate is called on it: name of the file, of the object or of the trustpoint',
    ),
  outside: card.prefault({}).describe('Card towards the Internet, or the port of 802.1X'),
  inside: card.prefault({}).describe('Card towards the organisation'),
  addressPool: z
    .exactOptional(prefix)
    .describe('Addresses VPN clients get where the policy gives none; absent = the policy gives them all'),
  dns: z
    .array(ipAddress)
    .max(2)
    .default([])
    .describe('DNS servers VPN clients get where the policy gives none'),
  roles: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,43}$/, 'Letters, digits, `.`, `-` and `_`.')
          .describe('Role of an authorization profile'),
        routes: z
          .array(prefix)
          .max(64)
          .default([])
          .describe('What they reach through the tunnel; none = the routes of the connection'),
        addressPool: z.exactOptional(prefix).describe('Addresses they get; absent = the policy gives them'),
      }),
    )
    .max(16)
    .default([])
    .describe('strongSwan: those with a role of the policy get networks and addresses of their own'),
  withoutRole: z
    .enum(['refused', 'connection'])
    .default('refused')
    .describe(
      'strongSwan with roles: whoever the policy gives none of them; connection = gets the networks of the connection',
    ),
  vlans: z
    .array(z.int().min(1).max(4094))
    .max(64)
    .default([])
    .describe('VLANs the policy may put a port or a station into'),
})

export type GatewayConfiguration = Readonly<z.output<typeof gatewaySchema>>
