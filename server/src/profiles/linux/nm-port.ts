import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'
import type { WifiConnection, WiredConnection } from '../../config/sections/connections.ts'
import { anonymousIdentity } from '../anonymous-identity.ts'
import type { ProfileInput } from '../profile-input.ts'
import { type Keyfile, keyfileOctets } from './keyfile.ts'
import type { NmPlaces } from './nm-places.ts'

/** The groups of Wi-Fi or Ethernet with 802.1X, without `connection`. */
export function nmPort(
  input: ProfileInput<WifiConnection | WiredConnection>,
  places: NmPlaces,
  method: NmPortMethod,
): Keyfile {
  const { connection } = input
  return {
    ...(connection.kind === 'wifi' && wifiGroups(connection)),
    '802-1x': dot1x(input, places, method),
    ipv4: { method: 'auto' },
    ipv6: { method: 'auto' },
  }
}

/** Management frames: 2 = protected where the network can, 3 = always. */
const SECURITY: Readonly<Record<WifiConnection['security'], Keyfile[string]>> = {
  wpa2: { 'key-mgmt': 'wpa-eap', proto: 'rsn;', pairwise: 'ccmp;', group: 'ccmp;', pmf: '2' },
  wpa3: { 'key-mgmt': 'wpa-eap', proto: 'rsn;', pairwise: 'ccmp;', group: 'ccmp;', pmf: '3' },
  'wpa3-192': { 'key-mgmt': 'wpa-eap-suite-b-192', pmf: '3' },
}

function wifiGroups({ ssid, hidden, security, randomMac }: WifiConnection): Keyfile {
  return {
    wifi: {
      mode: 'infrastructure',
      ssid: keyfileOctets(ssid),
      hidden: hidden ? 'true' : undefined,
      'cloned-mac-address': randomMac ? undefined : 'permanent',
    },
    'wifi-security': SECURITY[security],
  }
}

type NmPortMethod = Readonly<Record<string, string>> & { readonly eap: string }

/** The methods in which the server proves itself first. */
export const NM_PORT_METHODS: Readonly<Partial<Record<AuthenticationMethod, NmPortMethod>>> = {
  'eap-tls': { eap: 'tls;' },
  'peap-mschapv2': { eap: 'peap;', 'phase2-auth': 'mschapv2' },
  'peap-eap-tls': { eap: 'peap;', 'phase2-auth': 'tls' },
  'ttls-mschapv2': { eap: 'ttls;', 'phase2-auth': 'mschapv2' },
  'ttls-pap': { eap: 'ttls;', 'phase2-auth': 'pap' },
  'ttls-eap-tls': { eap: 'ttls;', 'phase2-autheap': 'tls' },
}

function dot1x(
  { connection, person, radiusServer, certificate }: ProfileInput<WifiConnection | WiredConnection>,
  places: NmPlaces,
  { eap, ...phase2 }: NmPortMethod,
): Keyfile[string] {
  const byCertificate = connection.authentication.endsWith('eap-tls')
  const server = (prefix: '' | 'phase2-') => ({
    [`${prefix}ca-cert`]: places.radiusCas,
    [`${prefix}domain-suffix-match`]: radiusServer.names.join(';'),
  })
  const inner = byCertificate && eap !== 'tls;'
  const own = (prefix: '' | 'phase2-') =>
    certificate?.kind === 'pkcs12'
      ? {
          // A container holds both, and is named twice.
          [`${prefix}client-cert`]: places.container,
          [`${prefix}private-key`]: places.container,
          [`${prefix}private-key-password`]: certificate.password,
        }
      : {
          [`${prefix}client-cert`]: places.certificate,
          [`${prefix}private-key`]: places.key,
          // 4 = there is none.
          [`${prefix}private-key-password-flags`]: '4',
        }
  return {
    eap,
    identity: person?.userName,
    'anonymous-identity': anonymousIdentity(connection, person),
    ...server(''),
    // TLS 1.0 and 1.1 are off.
    'phase1-auth-flags': '3',
    ...phase2,
    ...(inner && server('phase2-')),
    ...(byCertificate
      ? own(inner ? 'phase2-' : '')
      : { 'password-flags': connection.rememberCredentials ? '1' : '2' }),
  }
}
