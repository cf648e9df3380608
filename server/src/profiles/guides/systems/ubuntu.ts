import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Guide, Section, Step } from '../guide.ts'
import { GNOME as G, NM_L2TP as L, NM_PPTP as P } from '../labels/network-manager.ts'
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
  IKEV2_METHODS,
  mainRows,
  PACKAGES,
  type PluginLabels,
  PORT_METHODS,
  portRows,
  TYPES,
} from './linux-fields.ts'

const NAME = 'Ubuntu'
const ABILITIES: VpnAbilities = {
  tunnels: { ikev2: IKEV2_METHODS, sstp: ['mschapv2'], l2tp: ['mschapv2'], pptp: ['mschapv2'] },
  l2tpMachine: ['psk'],
}
const LABELS: PluginLabels = {
  l2tp: { gateway: L.gateway, userName: L.userName, key: L.preSharedKey },
  pptp: { gateway: P.gateway, userName: P.userName, password: P.password, advanced: P.advanced },
}

function createSteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  return [
    { say: say('runIn', { program: ui(G.terminal) }), command: `sudo apt install ${PACKAGES[tunnel]}` },
    { say: say('open', { path: ui(G.settings, G.network, G.vpn) }) },
    { say: say('clickPlusChoose', { option: ui(TYPES[tunnel]) }) },
    {
      say: say('fillOnTab', { tab: ui(G.identityTab) }),
      fields: [{ label: G.name, value: connectionName(input) }, ...mainRows(input, tunnel, LABELS)],
    },
    ...furtherSteps(input, tunnel, LABELS),
    ...ipv4Steps(input.connection),
    { say: say('click', { button: ui(G.add) }) },
  ]
}

function ipv4Steps({ dns, routing, routes }: VpnConnection): readonly Step[] {
  const fields: FieldRow[] = [
    ...(dns.servers.length === 0 ? [] : [{ label: G.dns, value: code(dns.servers.join(', ')) }]),
    ...(routing === 'split'
      ? routes
          .filter(({ exclude }) => !exclude)
          .map(({ prefix }) => ({ label: G.routes, value: code(prefix) }))
      : []),
    ...(routing === 'split' ? [{ label: G.onlyOwnResources, value: words(say('ticked')) }] : []),
  ]
  return fields.length === 0 ? [] : [{ say: say('fillOnTab', { tab: ui(G.ipv4) }), fields }]
}

const connect = (input: ProfileInput): Section => ({
  title: say('connectTitle'),
  blocks: [
    {
      kind: 'steps',
      steps: [
        { say: say('openCorner', { vpn: ui(G.vpn) }) },
        { say: say('switchOn', { connection: named(titleOf(input)) }) },
      ],
    },
  ],
})

const setUp = (steps: readonly Step[]): Section => ({
  title: say('setUpTitle'),
  blocks: [{ kind: 'steps', steps }],
})

export const UBUNTU: Guide = {
  id: 'ubuntu',
  name: NAME,
  system: 'linux',
  container: 'modern',
  vpn: {
    abilities: ABILITIES,
    findings: (input) => tunnelFindings(NAME, input, ABILITIES),
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        ...filesSection(input),
        ...waySections(ways, (tunnel) => createSteps(input, tunnel)),
        connect(input),
        vpnWorks(input, (name) => `resolvectl query ${name}`),
        vpnTrouble(input, ways),
      ]
    },
  },
  wifi: {
    findings: (input) => methodFindings(NAME, input, PORT_METHODS),
    sections: (input) => [
      ...filesSection(input),
      setUp([
        {
          say: say('openAndChoose', { path: ui(G.settings, G.wifi), network: named(input.connection.ssid) }),
        },
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
      ]),
      portWorks('wifi', 'linux'),
      portErrors(input),
    ],
  },
  wired: {
    findings: (input) => methodFindings(NAME, input, PORT_METHODS),
    sections: (input) => [
      ...filesSection(input),
      setUp([
        { say: say('openGear', { path: ui(G.settings, G.network, G.wired) }) },
        {
          say: say('fillOnTab', { tab: ui(G.security) }),
          fields: [{ label: G.security8021x, value: words(say('switchedOn')) }, ...portRows(input)],
        },
        { say: say('click', { button: ui(G.apply) }) },
      ]),
      portWorks('wired', 'linux'),
      portErrors(input),
    ],
  },
}
