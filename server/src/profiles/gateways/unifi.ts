import type { WifiConnection } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import { type PageField, steppedGateway } from './stepped-gateway.ts'

const PROFILE = 'Settings > Profiles > RADIUS > Create'
const WIFI = 'Settings > WiFi > Create'
const SECURITY = {
  wpa2: 'WPA2 Enterprise',
  wpa3: 'WPA3 Enterprise',
  'wpa3-192': 'WPA3 Enterprise (192-bit)',
} as const

export const UNIFI = steppedGateway({
  kind: 'unifi',
  title: 'UniFi Network',
  tunnels: [],
  sureness: 'From memory: pages differ between versions. Not tried on a device.',
  fields: (input) => {
    const { gateway, secret, dynamicAuthorization } = input
    return [
      [PROFILE, 'Name', 'sallyport'],
      [PROFILE, 'RADIUS Assigned VLAN Support', gateway.vlans.length === 0 ? 'off' : 'wired and wireless'],
      ...gateway.radiusServers.flatMap((address, index): PageField[] => [
        [
          PROFILE,
          `Authentication Server ${String(index + 1)}`,
          `${address}, port ${String(gateway.authenticationPort)}`,
        ],
        [PROFILE, `Authentication Server ${String(index + 1)}, Shared Secret`, secret],
        [
          PROFILE,
          `Accounting Server ${String(index + 1)}`,
          `${address}, port ${String(gateway.accountingPort)}`,
        ],
        [PROFILE, `Accounting Server ${String(index + 1)}, Shared Secret`, secret],
      ]),
      [PROFILE, 'Interim Update Interval', `${String(gateway.interimSeconds)} s`],
      [PROFILE, 'Dynamic Authorization (CoA)', dynamicAuthorization === undefined ? 'off' : 'on'],
      ...wifiFields(input),
      ...(input.connections.some(({ connection }) => connection.kind === 'wired')
        ? ([
            [
              'Settings > Networks > Global Switch Settings',
              '802.1X Control',
              'on, RADIUS profile sallyport',
            ],
            [
              'UniFi Devices > the switch > Port Manager',
              '802.1X Control',
              'Auto, on the ports people plug into',
            ],
          ] as const)
        : []),
    ]
  },
  steps: () => [
    'Each access point and switch asks by itself, from its own address: the RADIUS client has to be their network (10.20.0.0/24), not the controller.',
  ],
  cards: () => [],
  checks: [
    { command: 'ssh to an access point: mca-cli-op info', shows: 'That it is adopted and has its address.' },
    {
      command: 'Insights > Client Connections, or System Log',
      shows: 'Who was refused; the reason stands in sallyport explain.',
    },
  ],
})

function wifiFields({ connections }: GatewayInput): PageField[] {
  return connections
    .map(({ connection }) => connection)
    .filter((one): one is WifiConnection => one.kind === 'wifi')
    .flatMap(({ ssid, hidden, security }): PageField[] => [
      [WIFI, 'Name', ssid],
      [WIFI, 'Security Protocol', SECURITY[security]],
      [WIFI, 'RADIUS Profile', 'sallyport'],
      [WIFI, 'Hide WiFi Name', hidden ? 'on' : 'off'],
    ])
}
