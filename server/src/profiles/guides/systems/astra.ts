import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Guide, Section, Step } from '../guide.ts'
import { GNOME as G, NM_L2TP as L, NM_APPLET as N, NM_PPTP as P } from '../labels/network-manager.ts'
import { methodFindings, tunnelFindings, type VpnAbilities } from '../parts/abilities.ts'
import { titleOf } from '../parts/facts.ts'
import { portErrors, portWorks } from '../parts/ports.ts'
import { vpnTrouble, vpnWorks } from '../parts/trouble.ts'
import { waySections } from '../parts/ways.ts'
import { code, named, say, ui, words } from '../phrase.ts'
import {
  connectionName,
  filesSection,
  furtherSteps,
  mainRows,
  type PluginLabels,
  PORT_METHODS,
  portRows,
  TYPES,
} from './linux-fields.ts'

const NAME = 'Astra Linux'
const ABILITIES: VpnAbilities = { tunnels: { l2tp: ['mschapv2'], pptp: ['mschapv2'] }, l2tpMachine: ['psk'] }
const PACKAGES = {
  l2tp: 'network-manager-l2tp network-manager-l2tp-gnome',
  pptp: 'network-manager-pptp network-manager-pptp-gnome',
}
const LABELS: PluginLabels = {
  l2tp: { gateway: L.gatewayAstra, userName: L.userNameAstra, key: L.preSharedKeyAstra },
  pptp: {
    gateway: P.gatewayAstra,
    userName: P.userNameAstra,
    password: P.passwordAstra,
    advanced: P.advancedAstra,
  },
}

/** The desktop Fly has nm-applet in its panel. */
function createSteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  return [
    {
      say: say('runIn', { program: ui(G.terminal) }),
      command: `sudo apt install ${tunnel === 'l2tp' ? PACKAGES.l2tp : PACKAGES.pptp}`,
    },
    { say: say('panelIcon', { path: ui(N.vpnConnections, N.addVpn) }) },
    { say: say('chooseAndGoOn', { option: ui(TYPES[tunnel]) }) },
    {
      say: say('fillOnTab', { tab: ui(G.vpn) }),
      fields: [
        { label: N.connectionNameAstra, value: connectionName(input) },
        ...mainRows(input, tunnel, LABELS),
      ],
    },
    ...furtherSteps(input, tunnel, LABELS),
    ...ipv4Steps(input.connection),
    { say: say('click', { button: ui(N.save) }) },
  ]
}

function ipv4Steps({ dns, routing, routes }: VpnConnection): readonly Step[] {
  const names: FieldRow[] = [
    ...(dns.servers.length === 0 ? [] : [{ label: N.dnsServers, value: code(dns.servers.join(', ')) }]),
    ...(dns.suffixes.length === 0 ? [] : [{ label: N.searchDomains, value: code(dns.suffixes.join(', ')) }]),
  ]
  const split: FieldRow[] =
    routing === 'split'
      ? [
          ...routes
            .filter(({ exclude }) => !exclude)
            .map(({ prefix }) => ({ label: N.routes, value: code(prefix) })),
          { label: G.onlyOwnResources, value: words(say('ticked')) },
        ]
      : []
  return names.length + split.length === 0
    ? []
    : [{ say: say('fillOnTab', { tab: ui(N.ipv4) }), fields: [...names, ...split] }]
}

const connect = (input: ProfileInput): Section => ({
  title: say('connectTitle'),
  blocks: [
    {
      kind: 'steps',
      steps: [
        { say: say('panelIcon', { path: ui(N.vpnConnections) }) },
        { say: say('signInChoose', { connection: named(titleOf(input)) }) },
      ],
    },
  ],
})

export const ASTRA: Guide = {
  id: 'astra',
  name: NAME,
  system: 'linux',
  container: 'modern',
  vpn: {
    abilities: ABILITIES,
    findings: (input) => tunnelFindings(NAME, input, ABILITIES),
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        ...waySections(ways, (tunnel) => createSteps(input, tunnel)),
        connect(input),
        vpnWorks(input, (name) => `nslookup ${name}`),
        vpnTrouble(input, ways),
      ]
    },
  },
  wifi: {
    findings: (input) => methodFindings(NAME, input, PORT_METHODS),
    sections: (input) => [
      ...filesSection(input),
      {
        title: say('setUpTitle'),
        blocks: [
          {
            kind: 'steps',
            steps: [
              { say: say('panelNetwork', { network: named(input.connection.ssid) }) },
              {
                say: say('fillWhatIsAsked'),
                fields: [
                  {
                    label: G.wifiSecurity,
                    value: ui(input.connection.security === 'wpa2' ? G.enterprise : G.enterprise3),
                  },
                  ...portRows(input),
                ],
              },
            ],
          },
        ],
      },
      portWorks('wifi', 'linux'),
      portErrors(input),
    ],
  },
  wired: {
    findings: (input) => methodFindings(NAME, input, PORT_METHODS),
    sections: (input) => [
      ...filesSection(input),
      {
        title: say('setUpTitle'),
        blocks: [
          {
            kind: 'steps',
            steps: [
              { say: say('panelIconRight', { path: ui(N.editConnections) }) },
              { say: say('doubleClickWired', { kind: ui(N.ethernet) }) },
              {
                say: say('fillOnTab', { tab: ui(N.security8021x) }),
                fields: [{ label: N.use8021x, value: words(say('ticked')) }, ...portRows(input)],
              },
              { say: say('click', { button: ui(N.save) }) },
            ],
          },
        ],
      },
      portWorks('wired', 'linux'),
      portErrors(input),
    ],
  },
}
