import { isIP } from 'node:net'
import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'
import type { TunnelType } from '../../config/sections/connections/vpn.ts'
import type { VpnConnection } from '../../config/sections/connections.ts'
import type { ProfileInput } from '../profile-input.ts'
import { certificateIdentity } from './certificate-identity.ts'
import type { NmPlaces } from './nm-places.ts'
import { espProposal, ikeProposal } from './strongswan-proposals.ts'

/** What each plugin can prove a person by. pppd below the last three has MS-CHAPv2, and EAP-TLS alone of EAP. */
export const NM_METHODS: Readonly<Record<TunnelType, readonly AuthenticationMethod[]>> = {
  ikev2: ['eap-tls', 'eap-mschapv2', 'ttls-mschapv2', 'peap-mschapv2'],
  sstp: ['mschapv2', 'eap-tls'],
  l2tp: ['mschapv2', 'eap-tls'],
  pptp: ['mschapv2'],
}

/** A plugin keeps its settings in the group vpn as it likes; nobody but the plugin knows their names. */
export type VpnSettings = Readonly<Record<string, string | undefined>>

type Writer = (input: ProfileInput<VpnConnection>, gateway: string, places: NmPlaces) => VpnSettings

/** The group `vpn` for one tunnel to one gateway. */
export function nmVpn(type: TunnelType, ...rest: Parameters<Writer>): VpnSettings {
  const [{ connection }] = rest
  return {
    'service-type': `org.freedesktop.NetworkManager.${type === 'ikev2' ? 'strongswan' : type}`,
    ...(connection.reconnect && { persistent: 'true' }),
    ...WRITERS[type](...rest),
  }
}

/** Who keeps the password: 0 NetworkManager, 1 the key ring of whoever connects, 2 nobody. */
function passwordFlags({ rememberCredentials, allUsers }: VpnConnection): string {
  if (!rememberCredentials) return '2'
  return allUsers ? '0' : '1'
}

const strongswan: Writer = (input, gateway, places) => {
  const { connection, person } = input
  const { cryptography } = connection
  const byCertificate = connection.authentication === 'eap-tls'
  return {
    address: gateway,
    certificate: places.gatewayCa,
    'remote-identity': gateway,
    ...(byCertificate
      ? {
          method: 'eap-tls',
          'cert-source': 'file',
          usercert: places.certificate,
          userkey: places.key,
          'local-identity': certificateIdentity(input),
        }
      : { method: 'eap', user: person?.userName, 'password-flags': passwordFlags(connection) }),
    virtual: 'yes',
    encap: 'no',
    ipcomp: 'no',
    proposal: 'yes',
    ike: ikeProposal(cryptography),
    esp: espProposal(cryptography),
    ...(connection.routing === 'split' && {
      'remote-ts': connection.routes
        .filter(({ exclude }) => !exclude)
        .map(({ prefix }) => prefix)
        .join(';'),
    }),
  }
}

/** pppd offers whatever is not refused; only MS-CHAPv2 proves the server too. */
const MSCHAPV2_ALONE: VpnSettings = {
  'refuse-eap': 'yes',
  'refuse-pap': 'yes',
  'refuse-chap': 'yes',
  'refuse-mschap': 'yes',
}

const l2tp: Writer = ({ connection, person }, gateway, places) => {
  const { cryptography, l2tpMachineAuthentication, preSharedKey, mtu } = connection
  return {
    gateway,
    user: person?.userName,
    ...(connection.authentication === 'eap-tls'
      ? {
          'user-auth-type': 'tls',
          'user-ca': places.radiusCas,
          'user-cert': places.certificate,
          'user-key': places.key,
          'user-certpass-flags': '4',
        }
      : {
          'user-auth-type': 'password',
          'password-flags': passwordFlags(connection),
          ...MSCHAPV2_ALONE,
        }),
    'ipsec-enabled': 'yes',
    ...(l2tpMachineAuthentication === 'psk'
      ? {
          'machine-auth-type': 'psk',
          // In base64, because the key goes into a file where quotes end it.
          'ipsec-psk': `0s${Buffer.from(preSharedKey ?? '').toString('base64')}`,
        }
      : {
          'machine-auth-type': 'tls',
          'machine-ca': places.gatewayCa,
          'machine-cert': places.certificate,
          'machine-key': places.key,
          'machine-certpass-flags': '4',
          'ipsec-remote-id': isIP(gateway) === 0 ? `@${gateway}` : gateway,
        }),
    'ipsec-ike': ikeProposal(cryptography),
    'ipsec-esp': espProposal(cryptography),
    'ipsec-ikelifetime': String(cryptography.ikeLifetimeMinutes * 60),
    'ipsec-salifetime': String(cryptography.espLifetimeMinutes * 60),
    mtu: mtu === undefined ? undefined : String(mtu),
    mru: mtu === undefined ? undefined : String(mtu),
  }
}

const sstp: Writer = ({ connection, person }, gateway, places) => ({
  gateway,
  'ca-cert': places.gatewayCa,
  'ignore-cert-warn': 'no',
  ...(connection.authentication === 'eap-tls'
    ? {
        'connection-type': 'tls',
        'tls-identity': person?.userName,
        'tls-ca-cert': places.radiusCas,
        'tls-user-cert': places.certificate,
        'tls-user-key': places.key,
        'tls-user-key-secret-flags': '4',
      }
    : {
        'connection-type': 'password',
        user: person?.userName,
        'password-flags': passwordFlags(connection),
        ...MSCHAPV2_ALONE,
      }),
})

const pptp: Writer = ({ connection, person }, gateway) => ({
  gateway,
  user: person?.userName,
  'password-flags': passwordFlags(connection),
  ...MSCHAPV2_ALONE,
  ...(connection.encryption !== 'optional' &&
    connection.encryption !== 'none' && { 'require-mppe': 'yes', 'require-mppe-128': 'yes' }),
})

const WRITERS: Readonly<Record<TunnelType, Writer>> = { ikev2: strongswan, sstp, l2tp, pptp }
