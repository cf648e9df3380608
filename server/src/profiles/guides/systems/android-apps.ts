import type { VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Guide, Section, Step } from '../guide.ts'
import { SSTP_APP as O, STRONGSWAN_APP as S } from '../labels/android.ts'
import { tunnelFindings, type VpnAbilities } from '../parts/abilities.ts'
import { password, rootFiles, shownName, titleOf, userName, usesCertificate } from '../parts/facts.ts'
import { vpnTrouble, vpnWorks } from '../parts/trouble.ts'
import { waySections } from '../parts/ways.ts'
import { code, named, say, ui, words } from '../phrase.ts'
import { androidCertificates } from './android-certificates.ts'

/** EAP of the app: its release has EAP-TLS, EAP-MSCHAPv2, EAP-MD5 and EAP-GTC. */
const STRONGSWAN: VpnAbilities = { tunnels: { ikev2: ['eap-tls', 'eap-mschapv2'] }, l2tpMachine: [] }
const SSTP: VpnAbilities = { tunnels: { sstp: ['mschapv2', 'eap-mschapv2'] }, l2tpMachine: [] }

function strongswanSteps(input: ProfileInput<VpnConnection>): readonly Step[] {
  const { connection } = input
  const [root] = rootFiles(input)
  const dns = connection.dns.servers.join(' ')
  const fields: FieldRow[] = [
    { label: S.server, value: code(connection.gateways[0]?.address ?? '') },
    { label: S.vpnType, value: ui(usesCertificate(connection.authentication) ? S.eapTls : S.eap) },
    ...(usesCertificate(connection.authentication)
      ? [{ label: S.userCertificate, value: words(say('yourCertificate')) }]
      : [
          { label: S.userName, value: userName(input) },
          { label: S.password, value: connection.rememberCredentials ? password : words(say('leaveEmpty')) },
        ]),
    // One root, not all a telephone trusts: any of those could vouch for another server of this name.
    { label: S.automatically, value: words(say('notTicked')) },
    ...(root === undefined ? [] : [{ label: S.ca, value: named(shownName(root.certificate)) }]),
    { label: S.profileName, value: code(titleOf(input)) },
    ...(dns === '' ? [] : [{ label: S.dnsServers, value: code(dns) }]),
  ]
  return [
    { say: say('installApp', { app: ui(S.app) }) },
    { say: say('tap', { button: ui(S.add) }) },
    { say: say('fillThenTap', { button: ui(S.save) }), fields },
  ]
}

function sstpSteps(input: ProfileInput<VpnConnection>): readonly Step[] {
  const { connection } = input
  const fields: FieldRow[] = [
    { label: O.host, value: code(connection.gateways[0]?.address ?? '') },
    { label: O.userName, value: userName(input) },
    { label: O.password, value: password },
    { label: O.verifyHost, value: words(say('switchedOn')) },
    ...rootFiles(input).map(({ name }) => ({ label: O.trusted, value: code(name) })),
    { label: O.protocols, value: ui(connection.authentication === 'mschapv2' ? O.mschapv2 : O.eapMschapv2) },
  ]
  return [{ say: say('installApp', { app: ui(O.app) }) }, { say: say('fillInApp'), fields }]
}

const connect = (input: ProfileInput): Section => ({
  title: say('connectTitle'),
  blocks: [{ kind: 'steps', steps: [{ say: say('tapInApp', { connection: named(titleOf(input)) }) }] }],
})

export const ANDROID_STRONGSWAN: Guide = {
  id: 'android-strongswan',
  name: 'Android (strongSwan)',
  system: 'android',
  container: 'modern',
  vpn: {
    abilities: STRONGSWAN,
    findings: (input) => tunnelFindings('The strongSwan app', input, STRONGSWAN),
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        {
          title: say('profileTitle'),
          blocks: [
            { kind: 'paragraph', say: say('profileInstead', { ending: code('.sswan') }) },
            {
              kind: 'steps',
              steps: [
                { say: say('installApp', { app: ui(S.app) }) },
                { say: say('tapEnding', { ending: code('.sswan') }) },
                { say: say('importInApp', { button: ui(S.importProfile) }) },
              ],
            },
          ],
        },
        ...androidCertificates(input),
        ...waySections(ways, () => strongswanSteps(input)),
        connect(input),
        vpnWorks(input),
        vpnTrouble(input, ways),
      ]
    },
  },
}

/** Android itself has no SSTP. The app is somebody else's; its settings may be elsewhere in a newer one. */
export const ANDROID_SSTP: Guide = {
  id: 'android-sstp',
  name: 'Android (SSTP)',
  system: 'android',
  vpn: {
    abilities: SSTP,
    findings: (input) => tunnelFindings('Open SSTP Client', input, SSTP),
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        {
          title: say('appTitle'),
          blocks: [{ kind: 'warning', say: say('warnForeignApp', { app: ui(O.app) }) }],
        },
        ...waySections(ways, () => sstpSteps(input)),
        connect(input),
        vpnWorks(input),
        vpnTrouble(input, ways),
      ]
    },
  },
}
