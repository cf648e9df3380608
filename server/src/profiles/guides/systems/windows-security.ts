import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Step } from '../guide.ts'
import type { Label } from '../label.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { anonymousName, rootFiles, shownName, showsServer, titleOf } from '../parts/facts.ts'
import { code, named, say, secret, ui, words } from '../phrase.ts'
import { dnsSteps } from './windows-dns.ts'

const ENCRYPTION: Readonly<Record<VpnConnection['encryption'], Label>> = {
  required: W.requireEncryption,
  maximum: W.maximumEncryption,
  optional: W.optionalEncryption,
  none: W.noEncryption,
}

export const CLASSIC_TUNNEL: Readonly<Record<TunnelType, Label>> = {
  ikev2: W.ikev2Classic,
  sstp: W.sstp,
  l2tp: W.l2tpClassic,
  pptp: W.pptp,
}

export const openConnections: Step = { say: say('runDialog', { command: code('ncpa.cpl') }) }

/** The window of a connection that is there: security, then DNS. */
export function propertySteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  return [
    openConnections,
    { say: say('rightClick', { object: named(titleOf(input)), button: ui(W.properties) }) },
    ...securitySteps(input, tunnel),
    ...dnsSteps(input),
    { say: say('closeAll', { button: ui(W.ok) }) },
  ]
}

/** The tab Security of a connection: tunnel, encryption, how somebody proves who they are. */
function securitySteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  const { connection } = input
  return [
    {
      say: say('fillOnTab', { tab: ui(W.security) }),
      fields: [
        { label: W.typeOfVpn, value: ui(CLASSIC_TUNNEL[tunnel]) },
        { label: W.dataEncryption, value: ui(ENCRYPTION[connection.encryption]) },
        ...methodRows(connection),
      ],
    },
    ...(tunnel === 'l2tp' ? [l2tpStep(connection)] : []),
    ...eapSteps(input),
  ]
}

function methodRows({ authentication }: VpnConnection): readonly FieldRow[] {
  switch (authentication) {
    case 'mschapv2':
      return [{ label: W.allowProtocols, value: ui(W.mschapv2) }]
    case 'eap-mschapv2':
      return [{ label: W.useEap, value: ui(W.eapMschapv2) }]
    case 'eap-tls':
      return [{ label: W.useEap, value: ui(W.eapTls) }]
    case 'peap-eap-tls':
    case 'peap-mschapv2':
      return [{ label: W.useEap, value: ui(W.peap) }]
    default:
      return [{ label: W.useEap, value: ui(W.eapTtls) }]
  }
}

function l2tpStep({ l2tpMachineAuthentication, preSharedKey }: VpnConnection): Step {
  const fields: FieldRow[] =
    l2tpMachineAuthentication === 'psk' && preSharedKey !== undefined
      ? [
          { label: W.usePreSharedKey, value: words(say('ticked')) },
          { label: W.key, value: secret(preSharedKey) },
        ]
      : [{ label: W.useMachineCertificate, value: words(say('ticked')) }]
  return { say: say('fillAfter', { button: ui(W.advancedSettings), ok: ui(W.ok) }), fields }
}

/** Only the right RADIUS server is believed: its name, its root, and no question to the person. */
function eapSteps(input: ProfileInput): readonly Step[] {
  if (!showsServer(input.connection.authentication)) return []
  return [{ say: say('fillAfter', { button: ui(W.properties), ok: ui(W.ok) }), fields: eapRows(input) }]
}

/** The properties of the EAP method, the same for a VPN, Wi-Fi and a wired network. */
export function eapRows(input: ProfileInput): readonly FieldRow[] {
  const { connection, radiusServer } = input
  const roots = rootFiles(input).filter(({ certificate }) =>
    radiusServer.anchors.some(({ fingerprint }) => fingerprint === certificate.fingerprint),
  )
  // Windows puts the realm behind the name of PEAP by itself.
  const outer = connection.authentication.startsWith('peap')
    ? anonymousName(input)?.split('@')[0]
    : anonymousName(input)
  return [
    ...(connection.authentication === 'eap-tls'
      ? [{ label: W.certificateOnComputer, value: words(say('ticked')) }]
      : []),
    { label: W.validateServer, value: words(say('ticked')) },
    { label: W.connectToServers, value: code(radiusServer.names.join(';')) },
    ...roots.map(({ certificate }) => ({ label: W.trustedRoots, value: named(shownName(certificate)) })),
    { label: W.dontPrompt, value: words(say('ticked')) },
    ...innerRows(connection.authentication),
    ...(outer === undefined ? [] : [{ label: W.identityPrivacy, value: code(outer) }]),
  ]
}

function innerRows(authentication: ProfileInput['connection']['authentication']): readonly FieldRow[] {
  switch (authentication) {
    case 'peap-mschapv2':
      return [{ label: W.innerMethod, value: ui(W.innerPassword) }]
    case 'peap-eap-tls':
      return [{ label: W.innerMethod, value: ui(W.innerCertificate) }]
    case 'ttls-eap-tls':
      return [{ label: W.ttlsInnerEap, value: ui(W.eapTlsPort) }]
    case 'ttls-mschapv2':
      return [{ label: W.ttlsInnerOther, value: ui(W.mschapv2) }]
    case 'ttls-pap':
      return [{ label: W.ttlsInnerOther, value: ui(W.pap) }]
    default:
      return []
  }
}
