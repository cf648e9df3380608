import { isIP } from 'node:net'
import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'
import type { VpnConnection } from '../../config/sections/connections.ts'
import type { ProfileInput } from '../profile-input.ts'
import { certificateIdentity } from './certificate-identity.ts'
import { espProposal, ikeProposal } from './strongswan-proposals.ts'
import { type Section, typedIdentity } from './strongswan-text.ts'

export const SWANCTL_METHODS: Readonly<Partial<Record<AuthenticationMethod, string>>> = {
  'eap-tls': 'eap-tls',
  'eap-mschapv2': 'eap-mschapv2',
  'ttls-mschapv2': 'eap-ttls',
  'ttls-eap-tls': 'eap-ttls',
  'peap-mschapv2': 'eap-peap',
  'peap-eap-tls': 'eap-peap',
}

/** A gateway; only the first comes up by itself, the others are spares. */
export interface SwanctlGateway {
  readonly address: string
  readonly isFirst: boolean
}

/** Names of files below /etc/swanctl, as they stand in its settings. */
export interface SwanctlNames {
  readonly connection: string
  readonly gatewayCas: readonly string[]
  /** Absent: no certificate of one's own. */
  readonly certificate?: string
}

/** One section of `connections`: the way to one gateway. */
export function swanctlConnection(
  input: ProfileInput<VpnConnection>,
  { address, isFirst }: SwanctlGateway,
  names: SwanctlNames,
  method: string,
): Section {
  const { connection } = input
  const { cryptography, reconnect } = connection
  const alwaysOn = connection.alwaysOn && isFirst
  return {
    version: '2',
    remote_addrs: address,
    vips: '0.0.0.0,::',
    proposals: ikeProposal(cryptography),
    mobike: 'yes',
    fragmentation: 'yes',
    encap: 'no',
    send_certreq: 'yes',
    dpd_delay: '30s',
    keyingtries: reconnect || alwaysOn ? '0' : '1',
    rekey_time: `${String(cryptography.ikeLifetimeMinutes)}m`,
    reauth_time: '0',
    // By default a tenth of rekey_time: a client told of a shorter session by the gateway would log in again at once,
    // and again.
    over_time: '2s',
    rand_time: '0s',
    local: localOf(input, names, method),
    remote: {
      auth: 'pubkey',
      id: isIP(address) === 0 ? `fqdn:${address}` : address,
      cacerts: names.gatewayCas.join(','),
      revocation: 'relaxed',
    },
    children: {
      [names.connection]: tunnelOf(connection, alwaysOn),
      ...(isFirst && outsideOf(connection, names.connection)),
    },
  }
}

function localOf(input: ProfileInput<VpnConnection>, { certificate }: SwanctlNames, method: string): Section {
  const { person, radiusServer } = input
  const name = certificate === undefined ? person?.userName : certificateIdentity(input)
  // strongSwan finds a certificate by a name in it, and takes its UPN for an e-mail address, also one without an @.
  const kind = certificate === undefined ? undefined : 'email'
  const id = name === undefined ? undefined : typedIdentity(name, kind)
  return {
    auth: method,
    ...(id !== undefined && { id, eap_id: id }),
    ...(certificate !== undefined && { certs: certificate }),
    // EAP-MSCHAPv2 shows no certificate of the RADIUS server; the others do, and it is not that of the gateway.
    ...(method !== 'eap-mschapv2' && { aaa_id: `fqdn:${radiusServer.names[0] ?? ''}` }),
  }
}

function tunnelOf(connection: VpnConnection, alwaysOn: boolean): Section {
  const { routing, routes, cryptography, reconnect, idleDisconnectMinutes } = connection
  const inside = routes.filter(({ exclude }) => !exclude).map(({ prefix }) => prefix)
  return {
    remote_ts: routing === 'full' ? '0.0.0.0/0,::/0' : inside.join(','),
    esp_proposals: espProposal(cryptography),
    rekey_time: `${String(cryptography.espLifetimeMinutes)}m`,
    ...(idleDisconnectMinutes > 0 && { inactivity: `${String(idleDisconnectMinutes)}m` }),
    start_action: alwaysOn ? 'start' : 'none',
    dpd_action: reconnect ? 'restart' : 'clear',
    close_action: alwaysOn ? 'start' : 'none',
  }
}

/** A policy that lets packets by, in force without a tunnel. */
function outsideOf({ routes }: VpnConnection, name: string): Section {
  const outside = routes.filter(({ exclude }) => exclude).map(({ prefix }) => prefix)
  if (outside.length === 0) return {}
  return { [`${name}-outside`]: { remote_ts: outside.join(','), mode: 'pass', start_action: 'trap' } }
}
