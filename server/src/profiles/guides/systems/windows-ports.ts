import type { AuthenticationMethod, WifiConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Finding } from '../../profile-output.ts'
import type { FieldRow, Guide, Section, Step } from '../guide.ts'
import type { Label } from '../label.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { methodFindings } from '../parts/abilities.ts'
import { titleOf, userName, usesCertificate } from '../parts/facts.ts'
import { portErrors, portWorks } from '../parts/ports.ts'
import { code, named, say, ui, words } from '../phrase.ts'
import { certificateSections } from './windows-certificates.ts'
import { eapRows, openConnections } from './windows-security.ts'

interface WindowsPorts {
  readonly name: string
  readonly asksForPlace: boolean
  readonly hasTtls: boolean
  readonly hasWpa3: boolean
  readonly notes?: readonly Finding[]
}

const METHODS: readonly AuthenticationMethod[] = ['eap-tls', 'peap-eap-tls', 'peap-mschapv2']
const TTLS: readonly AuthenticationMethod[] = ['ttls-eap-tls', 'ttls-mschapv2', 'ttls-pap']

/** 802.1X on Windows 7 to 11: the same windows since Vista, wherever the way there begins. */
export function windowsPorts({
  name,
  asksForPlace,
  hasTtls,
  hasWpa3,
  notes = [],
}: WindowsPorts): Pick<Guide, 'wifi' | 'wired'> {
  const methods = hasTtls ? [...METHODS, ...TTLS] : METHODS
  return {
    wifi: {
      findings: (input) => [
        ...methodFindings(name, input, methods),
        ...(hasWpa3 || input.connection.security === 'wpa2' ? [] : [noWpa3(name)]),
        ...notes,
      ],
      sections: (input) => [
        ...certificateSections(input, asksForPlace),
        setUp(wifiSteps(input)),
        signIn(input),
        portWorks('wifi', 'windows'),
        portErrors(input),
      ],
    },
    wired: {
      findings: (input) => [...methodFindings(name, input, methods), ...notes],
      sections: (input) => [
        ...certificateSections(input, asksForPlace),
        setUp(wiredSteps(input)),
        signIn(input),
        portWorks('wired', 'windows'),
        portErrors(input),
      ],
    },
  }
}

const noWpa3 = (name: string): Finding => ({
  severity: 'obstacle',
  code: 'wpa3-not-on-system',
  message: `${name} has no WPA3.`,
  setting: 'security',
})

const setUp = (steps: readonly Step[]): Section => ({
  title: say('setUpTitle'),
  blocks: [{ kind: 'steps', steps }],
})

function wifiSteps(input: ProfileInput<WifiConnection>): readonly Step[] {
  const { ssid, hidden, security, autoConnect } = input.connection
  return [
    { say: say('open', { path: ui(W.controlPanel, W.sharingCenter) }) },
    { say: say('click', { button: ui(W.newConnection) }) },
    { say: say('chooseThen', { option: ui(W.manualWifi), button: ui(W.next) }) },
    {
      say: say('fillThenClick', { button: ui(W.next) }),
      fields: [
        { label: W.networkName, value: code(ssid) },
        {
          label: W.securityType,
          value: ui({ wpa2: W.wpa2, wpa3: W.wpa3, 'wpa3-192': W.wpa3Suite }[security]),
        },
        { label: W.startAutomatically, value: words(autoConnect ? say('ticked') : say('notTicked')) },
        { label: W.notBroadcasting, value: words(hidden ? say('ticked') : say('notTicked')) },
      ],
    },
    { say: say('click', { button: ui(W.changeSettings) }) },
    ...methodSteps(input, W.security),
  ]
}

/** Wired AutoConfig does not run by itself: without it there is no tab. */
function wiredSteps(input: ProfileInput): readonly Step[] {
  return [
    {
      say: say('runAsAdministrator', { program: ui(W.commandPrompt) }),
      command: 'sc config dot3svc start= auto & net start dot3svc',
    },
    openConnections,
    { say: say('rightClickEthernet', { button: ui(W.properties) }) },
    ...methodSteps(input, W.authentication),
  ]
}

function methodSteps(input: ProfileInput, tab: Label): readonly Step[] {
  const { connection } = input
  const isWired = connection.kind === 'wired'
  return [
    {
      say: say('fillOnTab', { tab: ui(tab) }),
      fields: [
        ...(isWired ? [{ label: W.enable8021x, value: words(say('ticked')) }] : []),
        { label: W.networkMethod, value: ui(methodLabel(connection.authentication)) },
      ],
    },
    { say: say('fillAfter', { button: ui(W.methodSettings), ok: ui(W.ok) }), fields: eapRows(input) },
    { say: say('fillAfter', { button: ui(W.advancedSettings), ok: ui(W.ok) }), fields: [modeRow(input)] },
    { say: say('closeAll', { button: ui(W.ok) }) },
  ]
}

function methodLabel(authentication: AuthenticationMethod): Label {
  if (authentication === 'eap-tls') return W.eapTlsPort
  return authentication.startsWith('peap') ? W.peapPort : W.eapTtlsPort
}

function modeRow({ connection }: ProfileInput): FieldRow {
  const identity = connection.kind === 'vpn' ? 'user' : connection.identity
  const mode = { user: W.userAuthentication, machine: W.computerAuthentication, both: W.userOrComputer }[
    identity
  ]
  return { label: W.authenticationMode, value: ui(mode) }
}

function signIn(input: ProfileInput): Section {
  const { connection } = input
  const object = connection.kind === 'wifi' ? connection.ssid : titleOf(input)
  return {
    title: say('connectTitle'),
    blocks: [
      {
        kind: 'steps',
        steps: [
          connection.kind === 'wifi'
            ? { say: say('joinWifi', { network: named(object), button: ui(W.connect) }) }
            : { say: say('plugCable') },
          usesCertificate(connection.authentication)
            ? { say: say('chooseOwnCertificate') }
            : { say: say('typeNameAndPassword', { user: userName(input) }) },
        ],
      },
    ],
  }
}
