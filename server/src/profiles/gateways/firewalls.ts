import type { GatewayInput } from '../gateway-input.ts'
import { espProposal, ikeProposal } from '../linux/strongswan-proposals.ts'
import { noCoa } from './common-findings.ts'
import { nasIdentifierOf } from './read-me.ts'
import { type PageField, steppedGateway } from './stepped-gateway.ts'
import { hostNameOf, networksOf, vpnInputs } from './vpn-connections.ts'

/** Both are strongSwan below their pages, and speak of the same things. */
function ikeFields(
  input: GatewayInput,
  pages: { readonly phase1: string; readonly phase2: string },
): readonly PageField[] {
  const connection = vpnInputs(input)[0]?.connection
  if (connection === undefined) return []
  const { cryptography } = connection
  return [
    [pages.phase1, 'Key exchange', 'IKEv2'],
    [pages.phase1, 'Proposal', ikeProposal(cryptography)],
    [pages.phase1, 'My identifier', hostNameOf(input, connection)],
    [pages.phase1, 'My certificate', input.gateway.certificate],
    [pages.phase1, 'Lifetime', `${String(cryptography.ikeLifetimeMinutes * 60)} s`],
    [pages.phase2, 'Local network', networksOf(connection).join(', ')],
    [pages.phase2, 'Proposal', espProposal(cryptography)],
    [pages.phase2, 'Lifetime', `${String(cryptography.espLifetimeMinutes * 60)} s`],
  ]
}

const CARDS = ({ gateway }: GatewayInput): readonly string[] => [
  `WAN: ${gateway.outside.interface ?? 'the outer card'}; it has the default route. DNS of the firewall itself: those inside${gateway.inside.dns.length === 0 ? '' : ` (${gateway.inside.dns.join(', ')})`}, and "Allow DNS server list to be overridden by DHCP" off.`,
  `LAN: ${gateway.inside.interface ?? 'the inner card'}, without a gateway.`,
]

const PFSENSE_SERVER = 'System > User Manager > Authentication Servers > Add'
const PFSENSE_MOBILE = 'VPN > IPsec > Mobile Clients'

export const PFSENSE = steppedGateway({
  kind: 'pfsense',
  title: 'pfSense',
  tunnels: ['ikev2'],
  sureness: 'Fields of an older version and from memory; nothing can be imported. Not tried.',
  findings: (input) => noCoa(input, 'pfSense'),
  fields: (input) => {
    const { gateway, secret } = input
    return [
      ...gateway.radiusServers.flatMap((address, index): PageField[] => [
        [PFSENSE_SERVER, 'Descriptive name', `sallyport-${String(index + 1)}`],
        [PFSENSE_SERVER, 'Type', 'RADIUS'],
        [PFSENSE_SERVER, 'Protocol', 'MS-CHAPv2'],
        [PFSENSE_SERVER, 'Hostname or IP address', address],
        [PFSENSE_SERVER, 'Shared Secret', secret],
        [PFSENSE_SERVER, 'Services offered', 'Authentication and Accounting'],
        [PFSENSE_SERVER, 'Authentication port', String(gateway.authenticationPort)],
        [PFSENSE_SERVER, 'Accounting port', String(gateway.accountingPort)],
        [PFSENSE_SERVER, 'Authentication Timeout', String(gateway.timeoutSeconds)],
      ]),
      [
        PFSENSE_MOBILE,
        'User Authentication',
        gateway.radiusServers.map((_, index) => `sallyport-${String(index + 1)}`).join(', '),
      ],
      ...(gateway.addressPool === undefined
        ? []
        : [[PFSENSE_MOBILE, 'Virtual Address Pool', gateway.addressPool] as const]),
      ...(gateway.dns.length === 0 ? [] : [[PFSENSE_MOBILE, 'DNS Servers', gateway.dns.join(', ')] as const]),
      ['VPN > IPsec > Tunnels > Mobile Phase 1', 'Authentication Method', 'EAP-RADIUS'],
      ...ikeFields(input, {
        phase1: 'VPN > IPsec > Tunnels > Mobile Phase 1',
        phase2: 'VPN > IPsec > Tunnels > Mobile Phase 2',
      }),
    ]
  },
  steps: (input) => [
    `System > Cert. Manager: import the certificate of the gateway with its key as ${input.gateway.certificate}.`,
    `The NAS identifier is the host name of the firewall: ${nasIdentifierOf(input.gateway)} is configured; correct one of them.`,
    'Firewall > Rules > WAN: UDP 500 and 4500, ESP; > IPsec: what clients may reach.',
  ],
  cards: CARDS,
  checks: [
    {
      command: 'Diagnostics > Authentication',
      shows: 'A name and password through the chosen server. The rule must allow MS-CHAPv2 for this try.',
    },
    { command: 'Status > IPsec', shows: 'Who is connected.' },
    { command: 'swanctl --stats', shows: 'In a shell: eap-radius stands among the loaded plugins.' },
  ],
})

const OPNSENSE_SERVER = 'System > Access > Servers > Add'
const OPNSENSE_MOBILE = 'VPN > IPsec > Mobile & Advanced Settings'
const OPNSENSE_CONNECTION = 'VPN > IPsec > Connections > Add'

export const OPNSENSE = steppedGateway({
  kind: 'opnsense',
  title: 'OPNsense',
  tunnels: ['ikev2'],
  sureness: 'Names of fields from its data model, the rest from memory; nothing can be imported. Not tried.',
  findings: (input) => noCoa(input, 'OPNsense'),
  fields: (input) => {
    const { gateway, secret } = input
    return [
      ...gateway.radiusServers.flatMap((address, index): PageField[] => [
        [OPNSENSE_SERVER, 'Descriptive name', `sallyport-${String(index + 1)}`],
        [OPNSENSE_SERVER, 'Type', 'Radius'],
        [OPNSENSE_SERVER, 'Hostname or IP address', address],
        [OPNSENSE_SERVER, 'Shared Secret', secret],
        [OPNSENSE_SERVER, 'Services offered', 'Authentication and Accounting'],
        [OPNSENSE_SERVER, 'Authentication port value', String(gateway.authenticationPort)],
        [OPNSENSE_SERVER, 'Accounting port value', String(gateway.accountingPort)],
        [OPNSENSE_SERVER, 'Authentication Timeout', String(gateway.timeoutSeconds)],
      ]),
      [
        OPNSENSE_MOBILE,
        'Radius (eap-radius)',
        gateway.radiusServers.map((_, index) => `sallyport-${String(index + 1)}`).join(', '),
      ],
      ...(gateway.addressPool === undefined
        ? []
        : [['VPN > IPsec > Connections > Pools', 'Network', gateway.addressPool] as const]),
      ...(gateway.dns.length === 0
        ? []
        : [['VPN > IPsec > Connections > Pools', 'DNS', gateway.dns.join(', ')] as const]),
      [OPNSENSE_CONNECTION, 'Unique', 'Never'],
      [OPNSENSE_CONNECTION, 'Send certificate', 'Always'],
      [OPNSENSE_CONNECTION, 'Pools', gateway.addressPool === undefined ? 'radius' : 'the pool above'],
      ['VPN > IPsec > Connections > Local Authentication', 'Authentication', 'Public Key'],
      ['VPN > IPsec > Connections > Remote Authentication', 'Authentication', 'EAP RADIUS'],
      ['VPN > IPsec > Connections > Remote Authentication', 'EAP Id', '%any'],
      ...ikeFields(input, { phase1: OPNSENSE_CONNECTION, phase2: 'VPN > IPsec > Connections > Children' }),
    ]
  },
  steps: (input) => [
    `System > Trust > Certificates: import the certificate of the gateway with its key as ${input.gateway.certificate}.`,
    `The NAS identifier is the host name of the firewall: ${nasIdentifierOf(input.gateway)} is configured; correct one of them.`,
    'Firewall > Rules > WAN: UDP 500 and 4500, ESP; > IPsec: what clients may reach.',
  ],
  cards: CARDS,
  checks: [
    {
      command: 'System > Access > Tester',
      shows: 'A name and password through the chosen server. The rule must allow PAP for this try.',
    },
    { command: 'VPN > IPsec > Status Overview', shows: 'Who is connected.' },
    { command: 'swanctl --stats', shows: 'In a shell: eap-radius stands among the loaded plugins.' },
  ],
})
