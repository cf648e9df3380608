import { noCoa, pppByPasswordAlone } from './common-findings.ts'
import { steppedGateway } from './stepped-gateway.ts'
import { tunnelTypes } from './vpn-connections.ts'

const TITLE = 'DrayTek Vigor'
const RADIUS = 'Applications > RADIUS/TACACS+ > External RADIUS'

export const DRAYTEK = steppedGateway({
  kind: 'draytek',
  title: TITLE,
  tunnels: ['ikev2', 'sstp', 'l2tp', 'pptp'],
  sureness: 'From memory: menus differ between models and versions. Not tried on a device.',
  findings: (input) => [...noCoa(input, TITLE), ...pppByPasswordAlone(input, TITLE)],
  fields: (input) => {
    const { gateway, secret } = input
    const [first = '', second] = gateway.radiusServers
    const types = tunnelTypes(input)
    return [
      [RADIUS, 'Enable', 'on'],
      [RADIUS, 'Primary Server', first],
      ...(second === undefined ? [] : [[RADIUS, 'Secondary Server', second] as const]),
      [RADIUS, 'Destination Port', String(gateway.authenticationPort)],
      [RADIUS, 'Accounting Port', String(gateway.accountingPort)],
      [RADIUS, 'Shared Secret', secret],
      [RADIUS, 'Confirm Shared Secret', secret],
      [RADIUS, 'Retry', '2'],
      [
        'VPN and Remote Access > PPP General Setup',
        'Authentication',
        'RADIUS, MS-CHAPv2 alone, MPPE required',
      ],
      ['VPN and Remote Access > Remote Access Control', 'Services', [...types].join(', ')],
      ...(gateway.addressPool === undefined
        ? []
        : [
            [
              'VPN and Remote Access > PPP General Setup',
              'IP Address Assignment',
              gateway.addressPool,
            ] as const,
          ]),
    ]
  },
  steps: () => [
    'Use RADIUS, not "AD/LDAP": with the directory alone only PAP works, which MPPE has no keys from.',
    'Import the certificate of the gateway under Certificate Management, and choose it for IKEv2 and SSL.',
  ],
  cards: ({ gateway }) => [
    `WAN: ${gateway.outside.address ?? 'address of the provider'}. LAN: ${gateway.inside.address ?? 'address inside'}; LAN > General Setup gives clients the DNS servers inside.`,
  ],
  checks: [
    {
      command: 'Diagnostics > Authentication Information',
      shows: 'Logins that were sent to RADIUS, and what came back.',
    },
    { command: 'VPN and Remote Access > Connection Management', shows: 'Who is connected.' },
  ],
})
