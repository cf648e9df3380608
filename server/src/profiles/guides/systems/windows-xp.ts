import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Guide, Section, Step } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { tunnelFindings, type VpnAbilities } from '../parts/abilities.ts'
import { password, titleOf, userName } from '../parts/facts.ts'
import { waySections } from '../parts/ways.ts'
import { code, named, say, secret, ui, words } from '../phrase.ts'
import { openConnections } from './windows-security.ts'
import { windowsErrors, worksSection } from './windows-works.ts'

const NAME = 'Windows XP'

/** EAP with certificates speaks TLS 1.0 alone there, which this server does not take; a machine certificate is not for people. */
const ABILITIES: VpnAbilities = { tunnels: { l2tp: ['mschapv2'], pptp: ['mschapv2'] }, l2tpMachine: ['psk'] }

function createSteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  const { connection } = input
  const [gateway] = connection.gateways
  const isL2tp = tunnel === 'l2tp'
  return [
    { say: say('open', { path: ui(W.controlPanel, W.networkConnectionsXp) }) },
    { say: say('clickBoth', { first: ui(W.newConnectionXp), second: ui(W.next) }) },
    { say: say('chooseThen', { option: ui(W.workplaceXp), button: ui(W.next) }) },
    { say: say('chooseThen', { option: ui(W.vpnConnectionXp), button: ui(W.next) }) },
    {
      say: say('fillPages', { button: ui(W.next), finish: ui(W.finish) }),
      fields: [
        { label: W.companyName, value: code(titleOf(input)) },
        { label: W.hostNameXp, value: code(gateway?.address ?? '') },
      ],
    },
    openConnections,
    { say: say('rightClick', { object: named(titleOf(input)), button: ui(W.properties) }) },
    {
      say: say('fillOnTab', { tab: ui(W.networking) }),
      fields: [{ label: W.typeOfVpn, value: ui(isL2tp ? W.l2tpXp : W.pptpXp) }],
    },
    ...(isL2tp && connection.preSharedKey !== undefined
      ? [
          { say: say('openTab', { tab: ui(W.security) }) },
          {
            say: say('fillAfter', { button: ui(W.ipsecSettings), ok: ui(W.ok) }),
            fields: [
              { label: W.usePreSharedKeyXp, value: words(say('ticked')) },
              { label: W.key, value: secret(connection.preSharedKey) },
            ],
          },
        ]
      : []),
    { say: say('closeAll', { button: ui(W.ok) }) },
  ]
}

function connect(input: ProfileInput<VpnConnection>): Section {
  return {
    title: say('connectTitle'),
    blocks: [
      {
        kind: 'steps',
        steps: [
          openConnections,
          { say: say('doubleClick', { file: named(titleOf(input)) }) },
          {
            say: say('fillThenClick', { button: ui(W.connect) }),
            fields: [
              { label: W.userName, value: userName(input) },
              { label: W.password, value: password },
            ],
          },
        ],
      },
    ],
  }
}

export const WINDOWS_XP: Guide = {
  id: 'windows-xp',
  name: NAME,
  system: 'windows',
  vpn: {
    abilities: ABILITIES,
    findings: (input) => [
      ...tunnelFindings(NAME, input, ABILITIES),
      {
        severity: 'warning',
        code: 'windows-xp-weak',
        message:
          'Windows XP has had no updates since 2014 and offers 3DES, SHA-1 and a 1024 bit group for L2TP; the gateway has to allow that.',
      },
    ],
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        {
          title: say('oldSystemTitle'),
          blocks: [{ kind: 'warning', say: say('warnOldSystem', { system: named(NAME) }) }],
        },
        ...waySections(ways, (tunnel) => createSteps(input, tunnel)),
        connect(input),
        worksSection(input),
        windowsErrors(input.connection, ways),
      ]
    },
  },
}
