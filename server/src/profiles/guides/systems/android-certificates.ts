import type { ProfileInput } from '../../profile-input.ts'
import type { Section, Step } from '../guide.ts'
import { ANDROID as D } from '../labels/android.ts'
import { certificateSections } from '../parts/certificate-sections.ts'
import { personalFile, rootFiles } from '../parts/facts.ts'
import { code, say, ui } from '../phrase.ts'

/** Android keeps certificates of Wi-Fi apart from those of VPN and apps. */
export function androidCertificates(input: ProfileInput): readonly Section[] {
  const isWifi = input.connection.kind === 'wifi'
  const store = (kind: typeof D.caCertificate) =>
    ui(D.settings, D.security, D.credentials, D.installCertificate, isWifi ? D.wifiCertificate : kind)
  const own = personalFile(input)
  const roots = rootFiles(input).map(
    ({ name }): Step => ({
      say: say('openAndPick', { path: store(D.caCertificate), file: code(name) }),
    }),
  )
  const personal: Step[] =
    own === undefined
      ? []
      : [
          { say: say('openAndPick', { path: store(D.userCertificateVpn), file: code(own.name) }) },
          { say: say('typeFilePassword') },
        ]
  return certificateSections(roots, personal)
}
