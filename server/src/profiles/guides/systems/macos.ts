import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Guide, Section, Step } from '../guide.ts'
import { APPLE as A } from '../labels/apple.ts'
import { methodFindings, tunnelFindings } from '../parts/abilities.ts'
import { certificateSections } from '../parts/certificate-sections.ts'
import { personalFile, rootFiles, titleOf, userName, usesCertificate } from '../parts/facts.ts'
import { portErrors, portWorks } from '../parts/ports.ts'
import { vpnTrouble, vpnWorks } from '../parts/trouble.ts'
import { waySections } from '../parts/ways.ts'
import { code, named, say, ui } from '../phrase.ts'
import { ABILITIES_MAC, byHandFindings, formRows, PORT_METHODS } from './apple-common.ts'

const NAME = 'macOS'

function byProfile(): Section {
  return {
    title: say('profileTitle'),
    blocks: [
      { kind: 'paragraph', say: say('profileInstead', { ending: code('.mobileconfig') }) },
      {
        kind: 'steps',
        steps: [
          { say: say('doubleClickEnding', { ending: code('.mobileconfig') }) },
          { say: say('open', { path: ui(A.systemSettings, A.general, A.deviceManagement) }) },
          { say: say('doubleClickProfile', { button: ui(A.install) }) },
        ],
      },
    ],
  }
}

function certificates(input: ProfileInput): readonly Section[] {
  const own = personalFile(input)
  const roots = rootFiles(input).flatMap(({ name }): Step[] => [
    { say: say('doubleClick', { file: code(name) }) },
    { say: say('ifAskedKeychain', { keychain: ui(A.systemKeychain) }) },
    { say: say('keychainTrust', { program: ui(A.keychain), trust: ui(A.trust), always: ui(A.alwaysTrust) }) },
  ])
  const personal: Step[] =
    own === undefined
      ? []
      : [{ say: say('doubleClick', { file: code(own.name) }) }, { say: say('typeFilePassword') }]
  return certificateSections(roots, personal)
}

function createSteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  const labels = {
    name: A.displayName,
    server: A.serverAddress,
    account: A.accountName,
    secret: A.sharedSecret,
  }
  return [
    { say: say('open', { path: ui(A.systemSettings, A.vpn) }) },
    { say: say('clickBoth', { first: ui(A.addVpn), second: ui(tunnel === 'l2tp' ? A.l2tpMac : A.ikev2) }) },
    { say: say('fillThenClick', { button: ui(A.create) }), fields: formRows(input, tunnel, labels) },
  ]
}

const connect = (input: ProfileInput): Section => ({
  title: say('connectTitle'),
  blocks: [
    {
      kind: 'steps',
      steps: [
        { say: say('open', { path: ui(A.systemSettings, A.vpn) }) },
        { say: say('switchOn', { connection: named(titleOf(input)) }) },
      ],
    },
  ],
})

function portSections(input: ProfileInput): readonly Section[] {
  const { connection } = input
  const isCertificate = usesCertificate(connection.authentication)
  const steps: Step[] = [
    connection.kind === 'wifi'
      ? { say: say('openAndChoose', { path: ui(A.systemSettings, A.wifi), network: named(connection.ssid) }) }
      : { say: say('plugCable') },
    isCertificate
      ? {
          say: say('fillWhatIsAsked'),
          fields: [
            { label: A.mode, value: ui(A.eapTls) },
            { label: A.identity, value: { kind: 'phrase', phrase: say('yourCertificate') } },
          ],
        }
      : { say: say('typeNameAndPassword', { user: userName(input) }) },
    { say: say('appleCompare', { show: ui(A.showCertificate), go: ui(A.continueButton) }) },
  ]
  return [
    byProfile(),
    ...certificates(input),
    { title: say('connectTitle'), blocks: [{ kind: 'steps', steps }] },
    portWorks(connection.kind === 'wifi' ? 'wifi' : 'wired', 'mac'),
    portErrors(input),
  ]
}

export const MACOS: Guide = {
  id: 'macos',
  name: NAME,
  system: 'apple',
  container: 'legacy',
  vpn: {
    abilities: ABILITIES_MAC,
    findings: (input) => [...tunnelFindings(NAME, input, ABILITIES_MAC), ...byHandFindings(input)],
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        byProfile(),
        ...certificates(input),
        ...waySections(ways, (tunnel) => createSteps(input, tunnel)),
        connect(input),
        // nslookup asks one server and nobody else; this asks as programs do.
        vpnWorks(input, (name) => `dscacheutil -q host -a name ${name}`),
        vpnTrouble(input, ways),
      ]
    },
  },
  wifi: {
    findings: (input) => [...methodFindings(NAME, input, PORT_METHODS), ...byHandFindings(input)],
    sections: portSections,
  },
  wired: {
    findings: (input) => [...methodFindings(NAME, input, PORT_METHODS), ...byHandFindings(input)],
    sections: portSections,
  },
}
