import type { WifiConnection, WiredConnection } from '../../../config/schema.ts'
import type { GatewayInput } from '../../gateway-input.ts'
import { plainLine } from '../plain-line.ts'
import { nasIdentifierOf } from '../read-me.ts'

/** Where Debian keeps its files. */
export const VLAN_FILE = '/etc/hostapd/hostapd.vlan'

/** Seconds after which a session is authenticated again where the policy sends no Session-Timeout. */
const REAUTHENTICATION_SECONDS = 3600
/** NAS-Port-Type of an Ethernet port (RFC 2865 section 5.41); on Wi-Fi hostapd says 19 by itself. */
const ETHERNET = 15

export interface Port {
  readonly interface: string
  readonly address: string
}

/**
 * hostapd.conf: a key and everything behind `=` up to the end of the line. Nothing is escaped and nothing can be: text with
 * a line break is refused before (`shared-secret.ts`), the SSID is written in hexadecimal.
 */
export function hostapdConf(
  input: GatewayInput,
  connection: WifiConnection | WiredConnection,
  port: Port,
): string {
  const lines = [
    ...(connection.kind === 'wired' ? wiredLines(port) : wifiLines(connection, port, input)),
    'ctrl_interface=/run/hostapd',
    'ieee8021x=1',
    'eapol_version=2',
    `eap_reauth_period=${String(REAUTHENTICATION_SECONDS)}`,
    ...radiusLines(input, port),
    ...dynamicAuthorizationLines(input),
  ]
  return `${lines.join('\n')}\n`
}

function wiredLines({ interface: name }: Port): string[] {
  return [
    'driver=wired',
    `interface=${name}`,
    'use_pae_group_addr=1',
    `radius_auth_req_attr=61:d:${String(ETHERNET)}`,
    `radius_auth_req_attr=87:s:${name}`,
    `radius_acct_req_attr=61:d:${String(ETHERNET)}`,
    `radius_acct_req_attr=87:s:${name}`,
  ]
}

function wifiLines(
  connection: WifiConnection,
  { interface: name }: Port,
  { gateway }: GatewayInput,
): string[] {
  const { ssid, hidden, security } = connection
  return [
    'driver=nl80211',
    `interface=${name}`,
    '# country_code=DE, hw_mode, channel: as your radio and your country want them',
    'hw_mode=g',
    'channel=6',
    `# ssid: ${plainLine(ssid)}`,
    `ssid2=${Buffer.from(ssid).toString('hex')}`,
    ...(hidden ? ['ignore_broadcast_ssid=1'] : []),
    'auth_algs=1',
    'wpa=2',
    ...SECURITY[security],
    ...(gateway.vlans.length === 0 ? [] : ['dynamic_vlan=1', `vlan_file=${VLAN_FILE}`]),
  ]
}

/** IEEE 802.11-2020 section 9.4.2.24, WPA3 Specification 3.3 section 3: SHA-256 and protected management frames. */
const SECURITY = {
  wpa2: ['wpa_key_mgmt=WPA-EAP WPA-EAP-SHA256', 'rsn_pairwise=CCMP', 'ieee80211w=1'],
  wpa3: ['wpa_key_mgmt=WPA-EAP-SHA256', 'rsn_pairwise=CCMP', 'ieee80211w=2'],
  'wpa3-192': [
    'wpa_key_mgmt=WPA-EAP-SUITE-B-192',
    'rsn_pairwise=GCMP-256',
    'group_mgmt_cipher=BIP-GMAC-256',
    'ieee80211w=2',
  ],
} as const

/** Servers are tried in this order; after ten minutes on another one hostapd goes back to the first. */
const RETRY_PRIMARY_SECONDS = 600

function radiusLines({ gateway, secret }: GatewayInput, { address }: Port): string[] {
  const { radiusServers, authenticationPort, accountingPort, interimSeconds } = gateway
  return [
    `own_ip_addr=${address}`,
    `nas_identifier=${nasIdentifierOf(gateway)}`,
    `radius_client_addr=${address}`,
    ...radiusServers.flatMap((server) => [
      `auth_server_addr=${server}`,
      `auth_server_port=${String(authenticationPort)}`,
      `auth_server_shared_secret=${secret}`,
    ]),
    ...radiusServers.flatMap((server) => [
      `acct_server_addr=${server}`,
      `acct_server_port=${String(accountingPort)}`,
      `acct_server_shared_secret=${secret}`,
    ]),
    `radius_retry_primary_interval=${String(RETRY_PRIMARY_SECONDS)}`,
    `radius_acct_interim_interval=${String(interimSeconds)}`,
  ]
}

/** hostapd takes CoA and Disconnect of one address alone: the first of this server's. */
function dynamicAuthorizationLines({ gateway, dynamicAuthorization }: GatewayInput): string[] {
  if (dynamicAuthorization === undefined) return []
  const { port, secret, messageAuthenticator } = dynamicAuthorization
  return [
    `radius_das_port=${String(port)}`,
    `radius_das_client=${gateway.radiusServers[0] ?? ''} ${secret}`,
    'radius_das_time_window=300',
    'radius_das_require_event_timestamp=1',
    `radius_das_require_message_authenticator=${messageAuthenticator ? '1' : '0'}`,
  ]
}
