import type { WifiConnection, WiredConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { type XmlNode, xml } from '../xml-text.ts'
import { shownName } from './connection-names.ts'
import { eapSettings } from './eap-settings.ts'
import { eapHostConfig } from './eap-xml.ts'

const NETWORKING = 'http://www.microsoft.com/networking'
const WHO = { user: 'user', machine: 'machine', both: 'machineOrUser' } as const
/** WPA3 Enterprise as such asks for protected management frames, and 192 bits for GCMP-256. */
const SECURITY = {
  wpa2: ['WPA2', 'AES'],
  wpa3: ['WPA3ENT', 'AES'],
  'wpa3-192': ['WPA3ENT192', 'GCMP256'],
} as const
/** How long the sign-in screen waits for the network. */
const MAX_DELAY_SECONDS = 10

/** WLANProfile, as `netsh wlan add profile` and the WiFi CSP take it. */
export function wlanProfile(input: ProfileInput<WifiConnection>): XmlNode {
  const { connection } = input
  const [authentication, encryption] = SECURITY[connection.security]
  return xml(
    'WLANProfile',
    [
      xml('name', shownName(connection)),
      xml('SSIDConfig', [
        // The octets count; a name beside them is for people, and read in the code page of whoever shows it.
        xml('SSID', [
          xml('hex', Buffer.from(connection.ssid).toString('hex').toUpperCase()),
          xml('name', connection.ssid),
        ]),
        xml('nonBroadcast', connection.hidden),
      ]),
      xml('connectionType', 'ESS'),
      xml('connectionMode', connection.autoConnect ? 'auto' : 'manual'),
      xml('MSM', [
        xml('security', [
          xml('authEncryption', [
            xml('authentication', authentication),
            xml('encryption', encryption),
            xml('useOneX', true),
          ]),
          oneX(input),
        ]),
      ]),
      xml('MacRandomization', [xml('enableRandomization', connection.randomMac)], {
        xmlns: `${NETWORKING}/WLAN/profile/v3`,
      }),
    ],
    { xmlns: `${NETWORKING}/WLAN/profile/v1` },
  )
}

/** LANProfile, as `netsh lan add profile` takes it. Not enforced: on a port without 802.1X the machine has its network. */
export function lanProfile(input: ProfileInput<WiredConnection>): XmlNode {
  return xml(
    'LANProfile',
    [xml('MSM', [xml('security', [xml('OneXEnforced', false), xml('OneXEnabled', true), oneX(input)])])],
    { xmlns: `${NETWORKING}/LAN/profile/v1` },
  )
}

function oneX(input: ProfileInput<WifiConnection | WiredConnection>): XmlNode {
  const { connection } = input
  const settings = eapSettings(input)
  if (settings === undefined) throw new TypeError('802.1X without EAP')
  const signOn = connection.singleSignOn
    ? xml('singleSignOn', [xml('type', 'preLogon'), xml('maxDelay', MAX_DELAY_SECONDS)])
    : undefined
  return xml(
    'OneX',
    [
      xml('cacheUserData', connection.rememberCredentials),
      xml('authMode', WHO[connection.identity]),
      signOn,
      xml('EAPConfig', [eapHostConfig(settings)]),
    ],
    { xmlns: `${NETWORKING}/OneX/v1` },
  )
}
