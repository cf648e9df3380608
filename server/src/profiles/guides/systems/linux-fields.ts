import type { AuthenticationMethod, TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Section, Step } from '../guide.ts'
import type { Label } from '../label.ts'
import {
  GNOME as G,
  NM_L2TP as L,
  NM_PPTP as P,
  NM_STRONGSWAN as S,
  NM_SSTP as T,
} from '../labels/network-manager.ts'
import {
  anonymousName,
  password,
  personalFile,
  rootFiles,
  titleOf,
  userName,
  usesCertificate,
} from '../parts/facts.ts'
import { code, say, secret, ui, type Value, words } from '../phrase.ts'

/** Plug-ins of NetworkManager by tunnel; each is a package of Debian and Ubuntu of its own. */
export const PACKAGES: Readonly<Record<TunnelType, string>> = {
  ikev2: 'network-manager-strongswan libcharon-extra-plugins libcharon-extauth-plugins',
  sstp: 'network-manager-sstp-gnome',
  l2tp: 'network-manager-l2tp-gnome',
  pptp: 'network-manager-pptp-gnome',
}

export const TYPES: Readonly<Record<TunnelType, Label>> = {
  ikev2: S.type,
  sstp: T.type,
  l2tp: L.type,
  pptp: P.type,
}
/** EAP-TLS and EAP-MSCHAPv2 are what the packages of the distributions bring; PEAP they leave out. */
export const IKEV2_METHODS: readonly AuthenticationMethod[] = ['eap-tls', 'eap-mschapv2']
export const PORT_METHODS: readonly AuthenticationMethod[] = [
  'eap-tls',
  'peap-mschapv2',
  'ttls-mschapv2',
  'ttls-pap',
]

/** The same plug-ins, as another distribution translates them. */
export interface PluginLabels {
  readonly l2tp: { readonly gateway: Label; readonly userName: Label; readonly key: Label }
  readonly pptp: {
    readonly gateway: Label
    readonly userName: Label
    readonly password: Label
    readonly advanced: Label
  }
}

const kept = (connection: VpnConnection): Value =>
  connection.rememberCredentials ? password : words(say('leaveEmpty'))

export function mainRows(
  input: ProfileInput<VpnConnection>,
  tunnel: TunnelType,
  { l2tp, pptp }: PluginLabels,
): readonly FieldRow[] {
  const { connection } = input
  const address = code(connection.gateways[0]?.address ?? '')
  switch (tunnel) {
    case 'ikev2':
      return [
        { label: S.address, value: address },
        ...rootFiles(input)
          .slice(0, 1)
          .map(({ name }) => ({ label: S.certificate, value: code(name) })),
        { label: S.authentication, value: ui(usesCertificate(connection.authentication) ? S.eapTls : S.eap) },
        ...(usesCertificate(connection.authentication)
          ? [
              { label: S.certificateFile, value: words(say('yourCertificate')) },
              { label: S.privateKey, value: words(say('yourKey')) },
            ]
          : [
              { label: S.userName, value: userName(input) },
              { label: S.password, value: kept(connection) },
            ]),
        { label: S.innerAddress, value: words(say('ticked')) },
      ]
    case 'l2tp':
      return [
        { label: l2tp.gateway, value: address },
        { label: l2tp.userName, value: userName(input) },
        { label: L.password, value: kept(connection) },
      ]
    case 'pptp':
      return [
        { label: pptp.gateway, value: address },
        { label: pptp.userName, value: userName(input) },
        { label: pptp.password, value: kept(connection) },
      ]
    case 'sstp':
      return [
        { label: T.gateway, value: address },
        { label: T.userName, value: userName(input) },
        { label: T.password, value: kept(connection) },
      ]
  }
}

/** The windows behind the form: IPsec below L2TP, MPPE of PPTP, the root of SSTP. */
export function furtherSteps(
  input: ProfileInput<VpnConnection>,
  tunnel: TunnelType,
  { l2tp, pptp }: PluginLabels,
): readonly Step[] {
  const { preSharedKey, encryption } = input.connection
  if (tunnel === 'l2tp') {
    const ipsec: FieldRow[] = [
      { label: L.enableIpsec, value: words(say('ticked')) },
      { label: l2tp.key, value: secret(preSharedKey ?? '') },
    ]
    return [
      { say: say('fillAfter', { button: ui(L.ipsecSettings), ok: ui(L.apply) }), fields: ipsec },
      {
        say: say('fillAfter', { button: ui(L.pppSettings), ok: ui(L.apply) }),
        fields: [{ label: L.methods, value: ui(L.mschapv2) }],
      },
    ]
  }
  if (tunnel === 'pptp') {
    const isEncrypted = encryption === 'required' || encryption === 'maximum'
    const fields: FieldRow[] = [
      { label: L.methods, value: ui(L.mschapv2) },
      { label: P.mppe, value: words(isEncrypted ? say('ticked') : say('notTicked')) },
      ...(isEncrypted ? [{ label: P.strength, value: ui(P.bits128) }] : []),
    ]
    return [{ say: say('fillAfter', { button: ui(pptp.advanced), ok: ui(L.apply) }), fields }]
  }
  const [root] = rootFiles(input)
  if (tunnel !== 'sstp' || root === undefined) return []
  return [
    {
      say: say('fillAfter', { button: ui(T.advanced), ok: ui(L.apply) }),
      fields: [{ label: T.ca, value: code(root.name) }],
    },
  ]
}

/** Fields of 802.1X, the same for Wi-Fi and a cable. */
export function portRows(input: ProfileInput): readonly FieldRow[] {
  const { connection, radiusServer } = input
  const { authentication } = connection
  const own = personalFile(input)
  const outer = anonymousName(input)
  const [root] = rootFiles(input)
  // One name: the field takes a single suffix in the oldest versions that are still around.
  const server: FieldRow[] = [
    { label: G.domain, value: code(radiusServer.names[0] ?? '') },
    ...(root === undefined ? [] : [{ label: G.ca, value: code(root.name) }]),
  ]
  if (authentication === 'eap-tls') {
    const file = own === undefined ? words(say('yourCertificate')) : code(own.name)
    return [
      { label: G.authentication, value: ui(G.tls) },
      { label: G.identity, value: userName(input) },
      ...server,
      { label: G.userCertificate, value: file },
      { label: G.privateKey, value: own === undefined ? words(say('yourKey')) : code(own.name) },
      { label: G.keyPassword, value: words(say('keyPassword')) },
    ]
  }
  return [
    { label: G.authentication, value: ui(authentication.startsWith('peap') ? G.peap : G.ttls) },
    ...(outer === undefined ? [] : [{ label: G.anonymous, value: code(outer) }]),
    ...server,
    { label: G.inner, value: ui(authentication === 'ttls-pap' ? G.pap : G.mschapv2) },
    { label: G.userName, value: userName(input) },
    { label: G.password, value: password },
  ]
}

/** Files these programs read stay where they are: a download folder is emptied one day. */
export function filesSection(input: ProfileInput): readonly Section[] {
  const files = [
    ...rootFiles(input).map(({ name }) => name),
    ...(personalFile(input) === undefined ? [] : [personalFile(input)?.name ?? '']),
  ]
  if (files.length === 0) return []
  return [
    {
      title: say('filesTitle'),
      blocks: [
        { kind: 'steps', steps: files.map((file) => ({ say: say('keepFile', { file: code(file) }) })) },
      ],
    },
  ]
}

export const connectionName = (input: ProfileInput): Value => code(titleOf(input))
