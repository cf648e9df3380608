import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Guide, Section } from '../guide.ts'
import { ANDROID as D } from '../labels/android.ts'
import { tunnelFindings, type VpnAbilities } from '../parts/abilities.ts'
import { password, rootFiles, shownName, titleOf, userName } from '../parts/facts.ts'
import { vpnTrouble, vpnWorks } from '../parts/trouble.ts'
import { waySections } from '../parts/ways.ts'
import { code, named, type Phrase, say, secret, ui, words } from '../phrase.ts'
import { androidCertificates } from './android-certificates.ts'

type Rows = (input: ProfileInput<VpnConnection>) => readonly FieldRow[]

/** The VPN of the system itself: the same form, of which each type shows other fields. */
function builtIn(name: string, abilities: VpnAbilities, note: Phrase, rows: Rows): NonNullable<Guide['vpn']> {
  const create = (input: ProfileInput<VpnConnection>, _tunnel: TunnelType) => [
    { say: say('open', { path: ui(D.settings, D.network, D.vpn) }) },
    { say: say('tapPlus') },
    { say: say('fillThenTap', { button: ui(D.save) }), fields: rows(input) },
  ]
  const connect = (input: ProfileInput): Section => ({
    title: say('connectTitle'),
    blocks: [
      {
        kind: 'steps',
        steps: [
          { say: say('open', { path: ui(D.settings, D.network, D.vpn) }) },
          { say: say('tapBeside', { object: named(titleOf(input)), button: ui(D.connect) }) },
        ],
      },
    ],
  })
  return {
    abilities,
    findings: (input) => tunnelFindings(name, input, abilities),
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        { title: say('versionTitle'), blocks: [{ kind: 'paragraph', say: note }] },
        ...androidCertificates(input),
        ...waySections(ways, (tunnel) => create(input, tunnel)),
        connect(input),
        vpnWorks(input),
        vpnTrouble(input, ways),
      ]
    },
  }
}

function top(input: ProfileInput<VpnConnection>, type: typeof D.l2tpPsk): readonly FieldRow[] {
  return [
    { label: D.name, value: code(titleOf(input)) },
    { label: D.type, value: ui(type) },
    { label: D.serverAddress, value: code(input.connection.gateways[0]?.address ?? '') },
  ]
}

const signIn = (input: ProfileInput<VpnConnection>): readonly FieldRow[] => [
  { label: D.userName, value: userName(input) },
  { label: D.password, value: input.connection.rememberCredentials ? password : words(say('leaveEmpty')) },
]

/** Android 12 makes no new connections of L2TP, and 13 has it no more. */
export const ANDROID_L2TP: Guide = {
  id: 'android-l2tp',
  name: 'Android (L2TP)',
  system: 'android',
  vpn: builtIn(
    'Android',
    { tunnels: { l2tp: ['mschapv2'] }, l2tpMachine: ['psk'] },
    say('androidUpTo11'),
    (input) => {
      const [dns] = input.connection.dns.servers
      const [suffix] = input.connection.dns.suffixes
      return [
        ...top(input, D.l2tpPsk),
        { label: D.l2tpSecret, value: words(say('leaveEmpty')) },
        { label: D.ipsecIdentifier, value: words(say('leaveEmpty')) },
        { label: D.ipsecPreSharedKey, value: secret(input.connection.preSharedKey ?? '') },
        ...(suffix === undefined && dns === undefined
          ? []
          : [{ label: D.advanced, value: words(say('ticked')) }]),
        ...(suffix === undefined ? [] : [{ label: D.dnsSearch, value: code(suffix) }]),
        ...(dns === undefined ? [] : [{ label: D.dnsServers, value: code(dns) }]),
        ...signIn(input),
      ]
    },
  ),
}

export const ANDROID_IKEV2: Guide = {
  id: 'android-ikev2',
  name: 'Android 11+ (IKEv2)',
  system: 'android',
  vpn: builtIn(
    'Android',
    { tunnels: { ikev2: ['eap-mschapv2'] }, l2tpMachine: [] },
    say('androidFrom11'),
    (input) => {
      const [root] = rootFiles(input)
      return [
        ...top(input, D.ikev2Mschapv2),
        { label: D.ipsecIdentifier, value: userName(input) },
        ...(root === undefined ? [] : [{ label: D.ipsecCa, value: named(shownName(root.certificate)) }]),
        { label: D.ipsecServer, value: ui(D.receivedFromServer) },
        ...signIn(input),
      ]
    },
  ),
}
