import type { AuthenticationMethod, TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Finding } from '../../profile-output.ts'
import type { FieldRow } from '../guide.ts'
import type { Label } from '../label.ts'
import { APPLE as A } from '../labels/apple.ts'
import type { VpnAbilities } from '../parts/abilities.ts'
import { password, titleOf, userName } from '../parts/facts.ts'
import { code, say, secret, ui, words } from '../phrase.ts'

/** Apple's deployment guide: IKEv2 by EAP-TLS or EAP-MSCHAPv2, L2TP by MS-CHAPv2; PPTP left in 2016. */
const TUNNELS: VpnAbilities['tunnels'] = { ikev2: ['eap-tls', 'eap-mschapv2'], l2tp: ['mschapv2'] }
export const ABILITIES_MAC: VpnAbilities = { tunnels: TUNNELS, l2tpMachine: ['psk', 'certificate'] }
export const ABILITIES_PHONE: VpnAbilities = { tunnels: TUNNELS, l2tpMachine: ['psk'] }
/** What the question for name and password finds out by itself. */
export const PORT_METHODS: readonly AuthenticationMethod[] = ['eap-tls', 'peap-mschapv2']

/** By hand no suite can be chosen, and no name of a RADIUS server: a profile has both. */
export function byHandFindings({ connection }: ProfileInput): readonly Finding[] {
  if (connection.kind !== 'vpn') {
    const message =
      'Set up by hand, a person has to judge the certificate of the RADIUS server; apple-mobileconfig pins it.'
    return [{ severity: 'warning', code: 'server-not-pinned', message, setting: 'serverNames' }]
  }
  if (!connection.tunnelTypes.includes('ikev2')) return []
  const message =
    'Set up by hand, IKEv2 uses the suites of the system; apple-mobileconfig brings those of cryptography.'
  return [{ severity: 'warning', code: 'suite-by-profile-alone', message, setting: 'cryptography' }]
}

/** What differs between Mac and iPhone in the same form. */
interface FormLabels {
  readonly name: Label
  readonly server: Label
  readonly account: Label
  readonly secret: Label
}

export function formRows(
  input: ProfileInput<VpnConnection>,
  tunnel: TunnelType,
  labels: FormLabels,
): readonly FieldRow[] {
  const { connection } = input
  const address = connection.gateways[0]?.address ?? ''
  const kept = connection.rememberCredentials ? password : words(say('leaveEmpty'))
  const top: FieldRow[] = [
    { label: labels.name, value: code(titleOf(input)) },
    { label: labels.server, value: code(address) },
  ]
  if (tunnel === 'l2tp') {
    return [
      ...top,
      { label: labels.account, value: userName(input) },
      { label: A.password, value: kept },
      ...(connection.preSharedKey === undefined || connection.l2tpMachineAuthentication !== 'psk'
        ? [{ label: A.machineAuthentication, value: ui(A.certificate) }]
        : [{ label: labels.secret, value: secret(connection.preSharedKey) }]),
      {
        label: A.sendAllTraffic,
        value: words(connection.routing === 'full' ? say('switchedOn') : say('switchedOff')),
      },
    ]
  }
  const isCertificate = connection.authentication === 'eap-tls'
  return [
    ...top,
    // The name the gateway's certificate has to hold.
    { label: A.remoteId, value: code(address) },
    { label: A.localId, value: words(say('leaveEmpty')) },
    { label: A.userAuthentication, value: ui(isCertificate ? A.certificate : A.userName) },
    ...(isCertificate
      ? [{ label: A.certificate, value: words(say('yourCertificate')) }]
      : [
          { label: A.userName, value: userName(input) },
          { label: A.password, value: kept },
        ]),
  ]
}
