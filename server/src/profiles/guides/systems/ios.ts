import type { TunnelType, VpnConnection, WifiConnection } from '../../../config/schema.ts'
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
import { ABILITIES_PHONE, byHandFindings, formRows, PORT_METHODS } from './apple-common.ts'

const NAME = 'iPhone and iPad'
const DEVICES = ui(A.settings, A.general, A.vpnAndDevices)

function byProfile(): Section {
  return {
    title: say('profileTitle'),
    blocks: [
      { kind: 'paragraph', say: say('profileInstead', { ending: code('.mobileconfig') }) },
      {
        kind: 'steps',
        steps: [
          { say: say('tapEnding', { ending: code('.mobileconfig') }) },
          { say: say('open', { path: DEVICES }) },
          { say: say('tapProfile', { button: ui(A.install) }) },
        ],
      },
    ],
  }
}

/** A certificate that was opened waits in the settings, too; a root has to be trusted apart from being installed. */
function certificates(input: ProfileInput): readonly Section[] {
  const own = personalFile(input)
  const roots = rootFiles(input).flatMap(({ name }): Step[] => [
    { say: say('tapFile', { file: code(name) }) },
    { say: say('open', { path: DEVICES }) },
    { say: say('tapProfile', { button: ui(A.install) }) },
    { say: say('openAndSwitchOn', { path: ui(A.settings, A.general, A.about, A.certificateTrust) }) },
  ])
  const personal: Step[] =
    own === undefined
      ? []
      : [
          { say: say('tapFile', { file: code(own.name) }) },
          { say: say('open', { path: DEVICES }) },
          { say: say('tapProfile', { button: ui(A.install) }) },
          { say: say('typeFilePassword') },
        ]
  return certificateSections(roots, personal)
}

function createSteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  const labels = { name: A.description, server: A.server, account: A.account, secret: A.secret }
  const type = { label: A.type, value: ui(tunnel === 'l2tp' ? A.l2tpPhone : A.ikev2) }
  return [
    { say: say('open', { path: ui(A.settings, A.general, A.vpnAndDevices, A.vpn) }) },
    { say: say('tap', { button: ui(A.addVpn) }) },
    { say: say('fillThenTap', { button: ui(A.done) }), fields: [type, ...formRows(input, tunnel, labels)] },
  ]
}

const connect = (input: ProfileInput): Section => ({
  title: say('connectTitle'),
  blocks: [
    {
      kind: 'steps',
      steps: [
        { say: say('open', { path: ui(A.settings, A.general, A.vpnAndDevices, A.vpn) }) },
        { say: say('switchOn', { connection: named(titleOf(input)) }) },
      ],
    },
  ],
})

function wifiSections(input: ProfileInput<WifiConnection>): readonly Section[] {
  const { connection } = input
  const steps: Step[] = [
    { say: say('openAndChoose', { path: ui(A.settings, A.wifi), network: named(connection.ssid) }) },
    usesCertificate(connection.authentication)
      ? {
          say: say('fillWhatIsAsked'),
          fields: [
            { label: A.userName, value: userName(input) },
            { label: A.mode, value: ui(A.eapTls) },
            { label: A.identity, value: { kind: 'phrase', phrase: say('yourCertificate') } },
          ],
        }
      : { say: say('typeNameAndPassword', { user: userName(input) }) },
    { say: say('appleTrust', { trust: ui(A.trustButton) }) },
  ]
  return [
    byProfile(),
    ...certificates(input),
    { title: say('connectTitle'), blocks: [{ kind: 'steps', steps }] },
    portWorks('wifi', 'phone'),
    portErrors(input),
  ]
}

export const IOS: Guide = {
  id: 'ios',
  name: say('iphoneAndIpad'),
  system: 'apple',
  container: 'legacy',
  vpn: {
    abilities: ABILITIES_PHONE,
    findings: (input) => [...tunnelFindings(NAME, input, ABILITIES_PHONE), ...byHandFindings(input)],
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        byProfile(),
        ...certificates(input),
        ...waySections(ways, (tunnel) => createSteps(input, tunnel)),
        connect(input),
        vpnWorks(input),
        vpnTrouble(input, ways),
      ]
    },
  },
  wifi: {
    findings: (input) => [...methodFindings(NAME, input, PORT_METHODS), ...byHandFindings(input)],
    sections: wifiSections,
  },
}
