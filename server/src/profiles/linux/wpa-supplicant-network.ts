import type { ConnectionConfiguration, WifiConnection } from '../../config/schema.ts'
import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'
import { anonymousIdentity } from '../anonymous-identity.ts'
import type { ProfileInput } from '../profile-input.ts'
import { wpaString } from './wpa-supplicant-text.ts'

/** A line of a network block. */
export type NetworkLine = readonly [name: string, value: string]

/** Where certificates are found: `blob://...`, or a path. */
export interface CertificatePlaces {
  readonly anchors: string
  /** Absent where the method needs none. */
  readonly own?:
    | { readonly container: string; readonly password: string }
    | { readonly certificate: string; readonly key: string }
}

export interface WpaMethod {
  readonly eap: 'TLS' | 'PEAP' | 'TTLS'
  readonly phase2?: string
}

/** The methods in which the server proves itself first; others are refused. */
export const WPA_METHODS: Readonly<Partial<Record<AuthenticationMethod, WpaMethod>>> = {
  'eap-tls': { eap: 'TLS' },
  'peap-mschapv2': { eap: 'PEAP', phase2: 'auth=MSCHAPV2' },
  'peap-eap-tls': { eap: 'PEAP', phase2: 'auth=TLS' },
  'ttls-mschapv2': { eap: 'TTLS', phase2: 'auth=MSCHAPV2' },
  'ttls-pap': { eap: 'TTLS', phase2: 'auth=PAP' },
  'ttls-eap-tls': { eap: 'TTLS', phase2: 'autheap=TLS' },
}

export function networkLines(
  input: ProfileInput,
  places: CertificatePlaces,
  method: WpaMethod,
): readonly NetworkLine[] {
  const { connection } = input
  const radio = connection.kind === 'wifi' ? wifiLines(connection) : WIRED_LINES
  return [...radio, ...eapLines(input, places, method)]
}

/** IEEE 802.1X without keys for frames: eapol_flags counts for wireless alone, where dynamic WEP keys were. */
const WIRED_LINES: readonly NetworkLine[] = [
  ['key_mgmt', 'IEEE8021X'],
  ['eapol_flags', '0'],
]

const SECURITY: Readonly<Record<WifiConnection['security'], readonly NetworkLine[]>> = {
  wpa2: [
    ['key_mgmt', 'WPA-EAP WPA-EAP-SHA256'],
    ['proto', 'RSN'],
    ['pairwise', 'CCMP'],
    ['group', 'CCMP'],
    ['ieee80211w', '1'],
  ],
  wpa3: [
    ['key_mgmt', 'WPA-EAP-SHA256'],
    ['proto', 'RSN'],
    ['pairwise', 'CCMP'],
    ['group', 'CCMP'],
    ['ieee80211w', '2'],
  ],
  'wpa3-192': [
    ['key_mgmt', 'WPA-EAP-SUITE-B-192'],
    ['proto', 'RSN'],
    ['pairwise', 'GCMP-256'],
    ['group', 'GCMP-256'],
    ['group_mgmt', 'BIP-GMAC-256'],
    ['ieee80211w', '2'],
  ],
}

function wifiLines({ ssid, hidden, security, autoConnect, randomMac }: WifiConnection): NetworkLine[] {
  return [
    ['ssid', wpaString(ssid)],
    ...(hidden ? ([['scan_ssid', '1']] as const) : []),
    ...(autoConnect ? [] : ([['disabled', '1']] as const)),
    ...(randomMac ? [] : ([['mac_addr', '0']] as const)),
    ...SECURITY[security],
  ]
}

function eapLines(
  { connection, person, radiusServer }: ProfileInput,
  places: CertificatePlaces,
  { eap, phase2 }: WpaMethod,
): NetworkLine[] {
  const outer = anonymousIdentity(connection, person)
  const server = (suffix: '' | '2'): NetworkLine[] => [
    [`ca_cert${suffix}`, `"${places.anchors}"`],
    [`domain_suffix_match${suffix}`, wpaString(radiusServer.names.join(';'))],
  ]
  return [
    ['eap', eap],
    ...(person === undefined ? [] : ([['identity', wpaString(person.userName)]] as const)),
    ...(outer === undefined ? [] : ([['anonymous_identity', wpaString(outer)]] as const)),
    ...server(''),
    ['phase1', `"${phase1(connection)}"`],
    ...(phase2 === undefined ? [] : ([['phase2', `"${phase2}"`]] as const)),
    // Inner EAP-TLS: its server is the same, and is asked for by the same name.
    ...(phase2?.endsWith('=TLS') === true ? server('2') : []),
    ...ownLines(places, eap === 'TLS' ? '' : '2'),
  ]
}

function phase1(connection: ConnectionConfiguration): string {
  const old = 'tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1'
  return connection.kind === 'wifi' && connection.security === 'wpa3-192' ? `${old} tls_suiteb=1` : old
}

function ownLines({ own }: CertificatePlaces, suffix: '' | '2'): NetworkLine[] {
  if (own === undefined) return []
  if ('container' in own) {
    // The certificate is read out of the same container.
    return [
      [`private_key${suffix}`, `"${own.container}"`],
      [`private_key${suffix}_passwd`, wpaString(own.password)],
    ]
  }
  return [
    [`client_cert${suffix}`, `"${own.certificate}"`],
    [`private_key${suffix}`, `"${own.key}"`],
  ]
}
