import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Finding } from '../../profile-output.ts'
import type { FieldRow, Section, Step } from '../guide.ts'
import type { Label } from '../label.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { password, titleOf, userName, usesCertificate } from '../parts/facts.ts'
import { code, named, say, secret, ui, words } from '../phrase.ts'
import { powershellSteps } from './windows-commands.ts'
import { propertySteps } from './windows-security.ts'

/** Windows 10 and 11 in the app Settings; what it does not show is set in the window of the connection. */
export function settingsSteps(network: Label, add: Label) {
  return (input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] => [
    { say: say('open', { path: ui(W.settings, network, W.vpn) }) },
    { say: say('click', { button: ui(add) }) },
    { say: say('fillThenClick', { button: ui(W.save) }), fields: formRows(input, tunnel) },
    ...propertySteps(input, tunnel),
    ...powershellSteps(input, tunnel, false),
  ]
}

function formRows(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly FieldRow[] {
  const { connection } = input
  const [gateway] = connection.gateways
  const isCertificate = usesCertificate(connection.authentication)
  return [
    { label: W.provider, value: ui(W.builtIn) },
    { label: W.connectionName, value: code(titleOf(input)) },
    { label: W.server, value: code(gateway?.address ?? '') },
    { label: W.vpnType, value: ui(typeLabel(connection, tunnel)) },
    ...(tunnel === 'l2tp' &&
    connection.l2tpMachineAuthentication === 'psk' &&
    connection.preSharedKey !== undefined
      ? [{ label: W.preSharedKey, value: secret(connection.preSharedKey) }]
      : []),
    { label: W.signInInfo, value: ui(isCertificate ? W.certificate : W.userNameAndPassword) },
    ...(isCertificate
      ? []
      : [
          { label: W.userNameOptional, value: userName(input) },
          {
            label: W.passwordOptional,
            value: connection.rememberCredentials ? password : words(say('leaveEmpty')),
          },
        ]),
    {
      label: W.rememberSignIn,
      value: words(connection.rememberCredentials ? say('ticked') : say('notTicked')),
    },
  ]
}

function typeLabel(connection: VpnConnection, tunnel: TunnelType): Label {
  if (tunnel === 'l2tp') return connection.l2tpMachineAuthentication === 'psk' ? W.l2tpPsk : W.l2tpCertificate
  return { ikev2: W.ikev2, sstp: W.sstp, pptp: W.pptp }[tunnel]
}

export function connectInSettings(network: Label) {
  return (input: ProfileInput<VpnConnection>): Section => ({
    title: say('connectTitle'),
    blocks: [
      {
        kind: 'steps',
        steps: [
          { say: say('open', { path: ui(W.settings, network, W.vpn) }) },
          { say: say('clickBeside', { object: named(titleOf(input)), button: ui(W.connect) }) },
          ...(usesCertificate(input.connection.authentication)
            ? [{ say: say('chooseOwnCertificate') }]
            : [{ say: say('typeNameAndPassword', { user: userName(input) }) }]),
        ],
      },
    ],
  })
}

/** The app makes connections of one person. */
export function settingsFindings({ connection }: ProfileInput<VpnConnection>): readonly Finding[] {
  if (!connection.allUsers) return []
  return [
    {
      severity: 'warning',
      code: 'not-for-all-users',
      message:
        'The app Settings makes a connection for one person; for all users and before sign-in there is guide-windows-sign-in.',
      setting: 'allUsers',
    },
  ]
}
