import { encodePem } from '@sallyport/pki'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding, ProfileFile, ProfileOutput } from '../profile-output.ts'
import { refusedTexts } from '../refused-text.ts'
import { lostPortSettings } from './lost-settings.ts'
import { systemName } from './system-name.ts'
import { type CertificatePlaces, networkLines, WPA_METHODS } from './wpa-supplicant-network.ts'
import { wpaBlob } from './wpa-supplicant-text.ts'

/** wpa_supplicant for Wi-Fi and Ethernet: one file that holds its certificates, so it may lie anywhere. */
export const linuxWpaSupplicant: ProfileOutput = {
  id: 'linux-wpa-supplicant',
  title: 'wpa_supplicant on Linux: wpa_supplicant.conf',
  system: 'linux',
  kinds: ['wifi', 'wired'],
  certificates: ['pkcs12', 'installed'],
  findings: (input) => [
    ...refusedTexts(input),
    ...portFindings(input),
    ...lostPortSettings('wpa_supplicant', input.connection),
  ],
  make,
}

/** Where the set-up script puts key and certificate that were asked for on the machine. */
export const wpaCertificateFolder = '/etc/wpa_supplicant'

function make(input: ProfileInput): readonly ProfileFile[] {
  const { connection, radiusServer, certificate } = input
  const method = WPA_METHODS[connection.authentication]
  if (method === undefined) return []
  const name = systemName(connection)
  const byCertificate = connection.authentication.endsWith('eap-tls')
  const own = byCertificate && certificate?.kind === 'pkcs12' ? certificate : undefined
  const places: CertificatePlaces = {
    anchors: 'blob://anchors',
    ...(byCertificate && {
      own:
        own === undefined
          ? {
              certificate: `${wpaCertificateFolder}/${name}.pem`,
              key: `${wpaCertificateFolder}/${name}.key`,
            }
          : { container: 'blob://own', password: own.password },
    }),
  }
  const lines = networkLines(input, places, method).map(([setting, value]) => `  ${setting}=${value}\n`)
  const anchors = radiusServer.anchors.map(({ der }) => encodePem('CERTIFICATE', der)).join('')
  const content = [
    // Who may use wpa_cli, and so type a name or password that the file leaves out.
    'ctrl_interface=DIR=/run/wpa_supplicant GROUP=netdev\n',
    ...(connection.kind === 'wired' ? ['ap_scan=0\n'] : []),
    `network={\n${lines.join('')}}\n`,
    wpaBlob('anchors', Buffer.from(anchors)),
    ...(own === undefined ? [] : [wpaBlob('own', own.container)]),
  ].join('')
  return [{ name: `${name}.conf`, mediaType: 'text/plain', content, holdsSecret: own !== undefined }]
}

function portFindings({ connection, person, certificate }: ProfileInput): readonly Finding[] {
  const { authentication } = connection
  const found: Finding[] = []
  if (WPA_METHODS[authentication] === undefined) {
    found.push({
      severity: 'obstacle',
      code: 'server-not-checked',
      message: `${authentication} without a tunnel tells everybody who plays the network what the password is made of. Use peap-mschapv2 or eap-tls.`,
      setting: 'authentication',
    })
  }
  if (person === undefined) {
    found.push(warning('name-not-inside', 'wpa_supplicant asks for the name by wpa_cli each time it starts.'))
  }
  if (!authentication.endsWith('eap-tls')) {
    const message =
      'The password is not in the file: wpa_supplicant asks for it by wpa_cli each time it starts.'
    found.push(warning('password-not-inside', message))
  } else if (certificate?.kind !== 'pkcs12') {
    const message = `Certificate and key have to be put into ${wpaCertificateFolder}.`
    found.push(warning('certificate-not-inside', message))
  }
  return found
}

function warning(code: string, message: string): Finding {
  return { severity: 'warning', code, message }
}
