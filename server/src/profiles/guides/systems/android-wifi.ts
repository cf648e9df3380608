import type { AuthenticationMethod, WifiConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Guide } from '../guide.ts'
import { ANDROID as D } from '../labels/android.ts'
import { methodFindings } from '../parts/abilities.ts'
import { anonymousName, password, rootFiles, shownName, userName } from '../parts/facts.ts'
import { portErrors, portWorks } from '../parts/ports.ts'
import { code, named, say, ui, words } from '../phrase.ts'
import { androidCertificates } from './android-certificates.ts'

const METHODS: readonly AuthenticationMethod[] = ['eap-tls', 'peap-mschapv2', 'ttls-mschapv2', 'ttls-pap']

/** Since Android 11 a root and a domain are asked for; without a domain any server of the CA would do. */
function rows(input: ProfileInput<WifiConnection>): readonly FieldRow[] {
  const { connection, radiusServer } = input
  const { authentication, hidden, randomMac } = connection
  const [root] = rootFiles(input)
  const outer = anonymousName(input)
  const isCertificate = authentication === 'eap-tls'
  return [
    ...(hidden
      ? [
          { label: D.ssid, value: code(connection.ssid) },
          { label: D.securityType, value: ui(D.enterprise) },
        ]
      : []),
    {
      label: D.eapMethod,
      value: ui(isCertificate ? D.tls : authentication.startsWith('peap') ? D.peap : D.ttls),
    },
    ...(isCertificate
      ? []
      : [{ label: D.phase2, value: ui(authentication === 'ttls-pap' ? D.pap : D.mschapv2) }]),
    ...(root === undefined ? [] : [{ label: D.caCertificate, value: named(shownName(root.certificate)) }]),
    { label: D.domain, value: code(radiusServer.names.join(';')) },
    ...(isCertificate ? [{ label: D.userCertificate, value: words(say('yourCertificate')) }] : []),
    { label: D.identity, value: userName(input) },
    ...(outer === undefined ? [] : [{ label: D.anonymousIdentity, value: code(outer) }]),
    ...(isCertificate ? [] : [{ label: D.password, value: password }]),
    ...(randomMac ? [] : [{ label: D.privacy, value: ui(D.deviceMac) }]),
  ]
}

export const ANDROID_WIFI: Guide = {
  id: 'android-wifi',
  name: 'Android',
  system: 'android',
  container: 'modern',
  wifi: {
    findings: (input) => methodFindings('Android', input, METHODS),
    sections: (input) => [
      ...androidCertificates(input),
      {
        title: say('setUpTitle'),
        blocks: [
          {
            kind: 'steps',
            steps: [
              { say: say('open', { path: ui(D.settings, D.network, D.internet) }) },
              input.connection.hidden
                ? { say: say('tap', { button: ui(D.addNetwork) }) }
                : { say: say('tapNetwork', { network: named(input.connection.ssid) }) },
              { say: say('fillThenTap', { button: ui(D.connect) }), fields: rows(input) },
            ],
          },
        ],
      },
      portWorks('wifi', 'phone'),
      portErrors(input),
    ],
  },
}
