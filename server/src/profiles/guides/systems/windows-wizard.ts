import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Section, Step } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { password, titleOf, userName, usesCertificate } from '../parts/facts.ts'
import { code, named, say, ui, words } from '../phrase.ts'
import { powershellSteps } from './windows-commands.ts'
import { propertySteps } from './windows-security.ts'

/** From the Network and Sharing Center to a connection that is there, on Windows 7 to 10. */
export function wizardSteps(input: ProfileInput<VpnConnection>, asksForName: boolean): readonly Step[] {
  const { connection } = input
  const [gateway] = connection.gateways
  const needsName = asksForName && !usesCertificate(connection.authentication)
  const fields: FieldRow[] = [
    { label: W.internetAddress, value: code(gateway?.address ?? '') },
    { label: W.destinationName, value: code(titleOf(input)) },
    { label: W.otherPeople, value: words(connection.allUsers ? say('ticked') : say('notTicked')) },
    ...(asksForName ? [{ label: W.dontConnectNow, value: words(say('ticked')) }] : []),
  ]
  return [
    { say: say('open', { path: ui(W.controlPanel, W.sharingCenter) }) },
    { say: say('click', { button: ui(W.newConnection) }) },
    { say: say('chooseThen', { option: ui(W.workplace), button: ui(W.next) }) },
    { say: say('ifAskedChoose', { option: ui(W.createNew), button: ui(W.next) }) },
    { say: say('click', { button: ui(W.overInternet) }) },
    { say: say('fillThenClick', { button: ui(asksForName ? W.next : W.create) }), fields },
    ...(needsName
      ? [
          {
            say: say('fillThenClick', { button: ui(W.create) }),
            fields: [
              { label: W.userName, value: userName(input) },
              {
                label: W.password,
                value: connection.rememberCredentials ? password : words(say('leaveEmpty')),
              },
            ],
          },
        ]
      : asksForName
        ? [{ say: say('click', { button: ui(W.create) }) }]
        : []),
    ...(asksForName ? [{ say: say('click', { button: ui(W.close) }) }] : []),
  ]
}

/** Windows 8 and 10: cmdlets set what no window shows. */
export function classicSteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  return [
    ...wizardSteps(input, false),
    ...propertySteps(input, tunnel),
    ...powershellSteps(input, tunnel, input.connection.allUsers),
  ]
}

export function connectInTray(input: ProfileInput<VpnConnection>): Section {
  return {
    title: say('connectTitle'),
    blocks: [
      {
        kind: 'steps',
        steps: [
          { say: say('clickNetworkIcon') },
          { say: say('clickBeside', { object: named(titleOf(input)), button: ui(W.connect) }) },
          ...(usesCertificate(input.connection.authentication)
            ? [{ say: say('chooseOwnCertificate') }]
            : [{ say: say('typeNameAndPassword', { user: userName(input) }) }]),
        ],
      },
    ],
  }
}
