import { encodePem } from '@sallyport/pki'
import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'
import type { WifiConnection } from '../../config/sections/connections.ts'
import { anonymousIdentity } from '../anonymous-identity.ts'
import { lostPortSettings } from '../linux/lost-settings.ts'
import { systemName } from '../linux/system-name.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding, ProfileFile, ProfileOutput } from '../profile-output.ts'
import { refusedTexts } from '../refused-text.ts'

/** What is typed into the Wi-Fi screen of Android, and what an app hands to WifiNetworkSuggestion.Builder. */
export const androidWifiValues: ProfileOutput = {
  id: 'android-wifi-values',
  title: 'Wi-Fi on Android: values of the settings and of a network suggestion',
  system: 'android',
  kinds: ['wifi'],
  certificates: ['pkcs12', 'installed'],
  pkcs12: { form: 'modern', password: 'typed' },
  findings: (input) => (isWifi(input) ? findings(input) : []),
  make: (input) => (isWifi(input) ? files(input) : []),
}

const isWifi = (input: ProfileInput): input is ProfileInput<WifiConnection> =>
  input.connection.kind === 'wifi'

interface Method {
  readonly eap: 'TLS' | 'PEAP' | 'TTLS'
  readonly phase2?: 'MSCHAPV2' | 'PAP'
}

/** Android knows no EAP-TLS inside a tunnel. */
const METHODS: Readonly<Partial<Record<AuthenticationMethod, Method>>> = {
  'eap-tls': { eap: 'TLS' },
  'peap-mschapv2': { eap: 'PEAP', phase2: 'MSCHAPV2' },
  'ttls-mschapv2': { eap: 'TTLS', phase2: 'MSCHAPV2' },
  'ttls-pap': { eap: 'TTLS', phase2: 'PAP' },
}

const BUILDERS: Readonly<Record<WifiConnection['security'], string>> = {
  wpa2: 'setWpa2EnterpriseConfig',
  wpa3: 'setWpa3EnterpriseStandardModeConfig',
  'wpa3-192': 'setWpa3Enterprise192BitModeConfig',
}

function files(input: ProfileInput<WifiConnection>): readonly ProfileFile[] {
  const { connection, radiusServer, certificate } = input
  const method = METHODS[connection.authentication]
  if (method === undefined) return []
  const name = systemName(connection)
  const anchors = radiusServer.anchors.map(({ der }) => encodePem('CERTIFICATE', der)).join('')
  const isByCertificate = connection.authentication === 'eap-tls'
  return [
    {
      name: `${name}.json`,
      mediaType: 'application/json',
      content: `${JSON.stringify(values(input, method), null, 2)}\n`,
      holdsSecret: false,
    },
    { name: `${name}-ca.pem`, mediaType: 'application/x-x509-ca-cert', content: anchors, holdsSecret: false },
    ...(certificate?.kind === 'pkcs12' && isByCertificate
      ? [
          {
            name: `${name}.p12`,
            mediaType: 'application/x-pkcs12',
            content: certificate.container,
            holdsSecret: true,
          },
        ]
      : []),
  ]
}

/** JSON leaves out what is undefined. */
function values({ connection, person, radiusServer }: ProfileInput<WifiConnection>, { eap, phase2 }: Method) {
  const { ssid, hidden, security, autoConnect, randomMac } = connection
  const name = systemName(connection)
  const domain = radiusServer.names.join(';')
  const outer = anonymousIdentity(connection, person)
  const identity = person?.userName
  return {
    // The words of the screen in Android 13, in English.
    settings: {
      'Network name': ssid,
      Security: security === 'wpa2' ? 'WPA/WPA2-Enterprise' : 'WPA3-Enterprise',
      'Hidden network': hidden ? 'Yes' : 'No',
      'EAP method': eap,
      'Phase 2 authentication': phase2,
      'CA certificate': `${name}-ca.pem`,
      'Online certificate status': 'Do not verify',
      Domain: domain,
      'User certificate': eap === 'TLS' ? `${name}.p12` : undefined,
      Identity: identity,
      'Anonymous identity': outer,
      Privacy: randomMac ? 'Use randomized MAC' : 'Use device MAC',
    },
    // Methods of WifiNetworkSuggestion.Builder and WifiEnterpriseConfig, API level 30 and newer.
    suggestion: {
      setSsid: ssid,
      setIsHiddenSsid: hidden,
      setIsInitialAutojoinEnabled: autoConnect,
      [BUILDERS[security]]: {
        setEapMethod: `Eap.${eap}`,
        setPhase2Method: phase2 === undefined ? undefined : `Phase2.${phase2}`,
        setCaCertificates: radiusServer.anchors.map(({ der }) => der.toBase64()),
        setDomainSuffixMatch: domain,
        setIdentity: identity,
        setAnonymousIdentity: outer,
      },
    },
  }
}

function findings(input: ProfileInput<WifiConnection>): readonly Finding[] {
  const { connection, radiusServer } = input
  const found: Finding[] = [...refusedTexts(input)]
  const add = (severity: Finding['severity'], code: string, message: string, setting?: string): void => {
    found.push({ severity, code, message, ...(setting !== undefined && { setting }) })
  }
  if (METHODS[connection.authentication] === undefined) {
    const message = `Android has ${Object.keys(METHODS).join(', ')} for Wi-Fi, not ${connection.authentication}.`
    add('obstacle', 'method-not-served', message, 'authentication')
  }
  if (radiusServer.names.length > 1) {
    const message = 'Several names stand in one field, with semicolons: Android before 11 takes them for one.'
    add('warning', 'server-names-joined', message, 'serverNames')
  }
  if (!connection.randomMac) {
    const message = 'An app cannot turn made-up MAC addresses off: the person chooses it on the screen.'
    add('warning', 'setting-not-carried', message, 'randomMac')
  }
  if (connection.authentication === 'eap-tls') {
    add(
      'warning',
      'password-told-apart',
      'Android asks for the password of the container when it is installed.',
    )
  }
  return [...found, ...lostPortSettings('Android', connection)]
}
