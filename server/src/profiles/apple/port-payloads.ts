import type { WifiConnection, WiredConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { type Payload, payloadUuid, titleOf } from './mobileconfig.ts'
import type { PlistDict } from './plist.ts'

/** `WPA2` joins WPA2 and WPA3 networks since iOS 16 and macOS 13; `WPA3` joins those alone. */
const ENCRYPTION = { wpa2: 'WPA2', wpa3: 'WPA3', 'wpa3-192': 'WPA3' } as const

export function wifiPayload(
  input: ProfileInput<WifiConnection>,
  eap: PlistDict,
  identityUuid: string | undefined,
): Payload {
  const { ssid, hidden, autoConnect, security, randomMac } = input.connection
  return {
    type: 'com.apple.wifi.managed',
    place: 'wifi',
    uuid: payloadUuid(input, 'wifi'),
    title: titleOf(input),
    keys: {
      SSID_STR: ssid,
      HIDDEN_NETWORK: hidden,
      AutoJoin: autoConnect,
      EncryptionType: ENCRYPTION[security],
      ...(!randomMac && { DisableAssociationMACRandomization: true }),
      ...portKeys(input.connection, eap, identityUuid),
    },
  }
}

/** Twice: for the port that is up when the profile comes, and as what every other falls back to, such as that of a dock. */
export function wiredPayloads(
  input: ProfileInput<WiredConnection>,
  eap: PlistDict,
  identityUuid: string | undefined,
): readonly Payload[] {
  return WIRED.map(({ type, place, Interface }) => ({
    ...{ type, place, uuid: payloadUuid(input, place), title: titleOf(input) },
    keys: { Interface, ...portKeys(input.connection, eap, identityUuid) },
  }))
}

const WIRED = [
  {
    type: 'com.apple.firstactiveethernet.managed',
    place: 'firstactive',
    Interface: 'FirstActiveEthernet',
  },
  { type: 'com.apple.globalethernet.managed', place: 'global', Interface: 'GlobalEthernet' },
] as const

function portKeys(
  { identity }: WifiConnection | WiredConnection,
  eap: PlistDict,
  identityUuid: string | undefined,
): PlistDict {
  return {
    SetupModes: SETUP_MODES[identity],
    PayloadCertificateUUID: identityUuid,
    EAPClientConfiguration: eap,
  }
}

/** macOS: before anybody signs in, and with what somebody signs in with. */
const SETUP_MODES = { user: undefined, machine: ['System'], both: ['System', 'Loginwindow'] } as const
