import { isIP } from 'node:net'
import * as z from 'zod'
import { secretSchema } from '../secret.ts'
import { shownText, webUrl } from '../shown-text.ts'
import { AUTHENTICATION_METHODS, anchorsSchema, commonFields, dnsName, dnsSuffix } from './common.ts'

export const TUNNEL_TYPES = ['ikev2', 'sstp', 'l2tp', 'pptp'] as const
export type TunnelType = (typeof TUNNEL_TYPES)[number]

/** Address and length, host bits zero or not. */
export const prefix = z
  .string()
  .refine((text) => isPrefix(text), 'Not a network such as 10.0.0.0/8 or 2001:db8::/32.')
/** Without a zone, which means something on one machine alone. */
export const ipAddress = z
  .string()
  .refine((text) => isIP(text) !== 0 && !text.includes('%'), 'Not an IP address.')

function isPrefix(text: string): boolean {
  const [host = '', length = '', ...rest] = text.split('/')
  const kind = isIP(host)
  return (
    kind !== 0 &&
    !host.includes('%') &&
    rest.length === 0 &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= (kind === 4 ? 32 : 128)
  )
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535

function isPortRange(text: string): boolean {
  const [first = '', last = first, ...rest] = text.split('-')
  return rest.length === 0 && isPort(first) && isPort(last) && Number(first) <= Number(last)
}

export const IKE_ENCRYPTIONS = ['aes128', 'aes192', 'aes256', 'aes128gcm', 'aes256gcm'] as const
export const INTEGRITIES = ['sha256', 'sha384'] as const
export const DH_GROUPS = ['modp2048', 'ecp256', 'ecp384'] as const

/** One suite, which gateway and clients are told alike: a list of alternatives is what 13868 comes from. */
const cryptography = z.strictObject({
  ike: z
    .strictObject({
      encryption: z.enum(IKE_ENCRYPTIONS).default('aes256').describe('Cipher of the IKE SA'),
      integrity: z.enum(INTEGRITIES).default('sha256').describe('Hash and PRF of the IKE SA'),
      dhGroup: z.enum(DH_GROUPS).default('ecp256').describe('Diffie-Hellman group of the IKE SA'),
    })
    .prefault({})
    .describe('IKE (phase 1)'),
  esp: z
    .strictObject({
      encryption: z.enum(IKE_ENCRYPTIONS).default('aes256gcm').describe('Cipher of the child SA'),
      integrity: z
        .enum(INTEGRITIES)
        .default('sha256')
        .describe('Hash of the child SA; ciphers with GCM need none'),
      pfsGroup: z
        .enum(['none', ...DH_GROUPS])
        .default('ecp256')
        .describe('Perfect forward secrecy of rekeying'),
    })
    .prefault({})
    .describe('ESP (phase 2)'),
  ikeLifetimeMinutes: z.int().min(10).max(1440).default(480).describe('A new IKE SA after'),
  espLifetimeMinutes: z.int().min(10).max(1440).default(60).describe('A new child SA after'),
})

export const vpnSchema = z.strictObject({
  kind: z.literal('vpn').describe('A VPN'),
  ...commonFields,
  gateways: z
    .array(
      z.strictObject({
        address: dnsName.describe(
          'DNS name (or IPv4 address) clients connect to; it stands in the certificate of the gateway',
        ),
        title: z.exactOptional(shownText(60)).describe('What people see it as'),
      }),
    )
    .min(1)
    .max(16)
    .describe('Where clients connect to, the first one first'),
  tunnelTypes: z
    .array(z.enum(TUNNEL_TYPES))
    .min(1)
    .default(['ikev2'])
    .describe('Tunnels offered, in this order; pptp is unsafe, and removed from Apple and Android 12'),
  authentication: z
    .enum(AUTHENTICATION_METHODS)
    .default('eap-tls')
    .describe('How people prove who they are; mschapv2 = without EAP, for sstp, l2tp and pptp'),
  gatewayAnchors: anchorsSchema.describe(
    'Roots the gateway is trusted by, in PEM; absent: those of the own CA',
  ),
  l2tpMachineAuthentication: z
    .enum(['psk', 'certificate'])
    .default('certificate')
    .describe('L2TP: how IPsec below it proves itself; who has the psk can play the gateway'),
  preSharedKey: z.exactOptional(secretSchema).describe('L2TP: the key everybody shares'),
  encryption: z
    .enum(['required', 'maximum', 'optional', 'none'])
    .default('required')
    .describe('What is asked of the tunnel; optional and none are unsafe'),
  cryptography: cryptography.prefault({}).describe('Suites of IKEv2 and of IPsec below L2TP'),
  routing: z
    .enum(['full', 'split'])
    .default('full')
    .describe('full = everything goes through the tunnel; split = the routes alone'),
  routes: z
    .array(
      z.strictObject({
        prefix: prefix.describe('Network'),
        metric: z.exactOptional(z.int().min(1).max(9999)).describe('Metric of the route'),
        exclude: z.boolean().default(false).describe('Not through the tunnel'),
      }),
    )
    .max(200)
    .default([])
    .describe('Networks behind the gateway'),
  enforceRouting: z
    .enum(['none', 'routes', 'everything'])
    .default('none')
    .describe(
      'Apple: routes = those of the tunnel win over local ones; everything = nothing leaves outside the tunnel while it is up',
    ),
  dns: z
    .strictObject({
      servers: z.array(ipAddress).max(4).default([]).describe('Where the gateway does not tell the client'),
      suffixes: z
        .array(dnsName)
        .max(16)
        .default([])
        .describe('Suffixes; the first is that of the connection'),
      rules: z
        .array(
          z.strictObject({
            suffix: dnsSuffix.describe('.example.org = everything below it; without a dot one name'),
            servers: z.array(ipAddress).max(4).default([]).describe('Asked for it; none = an exception'),
            autoTrigger: z.boolean().default(false).describe('Asking for it brings the tunnel up'),
            persistent: z.boolean().default(false).describe('Also while the tunnel is down'),
          }),
        )
        .max(64)
        .default([])
        .describe('Name resolution policy (NRPT)'),
      register: z.boolean().default(false).describe('The client registers its address in DNS'),
    })
    .prefault({})
    .describe('DNS through the tunnel'),
  trustedNetworks: z
    .array(dnsName)
    .max(16)
    .default([])
    .describe('Where the network has one of these suffixes, the tunnel stays down'),
  triggerApplications: z
    .array(shownText(300))
    .max(32)
    .default([])
    .describe('Programs that bring the tunnel up: path, or package family name'),
  alwaysOn: z.boolean().default(false).describe('The tunnel comes up by itself'),
  reconnect: z.boolean().default(true).describe('It comes up again after it was lost'),
  idleDisconnectMinutes: z.int().min(0).max(1440).default(0).describe('Ends when idle; 0 = never'),
  allUsers: z.boolean().default(false).describe('For every user of the machine, and before sign-in'),
  useLogonCredentials: z
    .boolean()
    .default(false)
    .describe('With the name and password of the sign-in to Windows'),
  deviceTunnel: z
    .exactOptional(
      z.strictObject({
        routes: z.array(prefix).min(1).max(50).describe('What the machine reaches before anybody signs in'),
        trafficFilters: z
          .array(
            z.strictObject({
              protocol: z.int().min(0).max(255).default(6).describe('IP protocol number'),
              remotePorts: z
                .exactOptional(
                  z
                    .string()
                    .max(500)
                    .refine((text) => text.split(',').every(isPortRange), 'Not ports such as 80,8000-8080.'),
                )
                .describe('Ports'),
              remotePrefixes: z.array(prefix).max(32).default([]).describe('Networks'),
            }),
          )
          .max(32)
          .default([])
          .describe('Only this goes through it'),
      }),
    )
    .describe('A second tunnel of the machine itself, by its own certificate (Windows Enterprise, IKEv2)'),
  proxy: z
    .exactOptional(
      z.strictObject({
        server: z
          .exactOptional(
            z
              .string()
              .regex(/^[A-Za-z0-9.-]{1,253}:\d{1,5}$/, 'Not name:port.')
              .refine((text) => isPort(text.slice(text.indexOf(':') + 1)), 'Not name:port.'),
          )
          .describe('name:port'),
        autoConfigurationUrl: z.exactOptional(webUrl).describe('Address of a PAC file'),
        exceptions: z
          .array(z.string().regex(/^[A-Za-z0-9.*-]{1,253}$/))
          .max(64)
          .default([])
          .describe('Names reached directly'),
        bypassLocal: z.boolean().default(true).describe('Names without a dot are reached directly'),
      }),
    )
    .describe('Web proxy while the tunnel is up'),
  mtu: z.exactOptional(z.int().min(1280).max(1500)).describe('Largest packet through the tunnel'),
})

export type VpnDocument = z.output<typeof vpnSchema>
