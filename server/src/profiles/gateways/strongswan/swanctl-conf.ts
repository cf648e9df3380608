import type { GatewayConfiguration, VpnConnection } from '../../../config/schema.ts'
import type { GatewayInput } from '../../gateway-input.ts'
import { espProposal, ikeProposal } from '../../linux/strongswan-proposals.ts'
import { type Section, settingsText } from '../../linux/strongswan-text.ts'
import { hostNameOf, networksOf, vpnInputs } from '../vpn-connections.ts'
import { connectionSections, type Role, roleName, servesOthers } from './sections.ts'

/** swanctl.conf: the sections of its connections, and the pools their people get addresses of. */
export function swanctlConf(input: GatewayInput): string {
  const { gateway } = input
  const served = vpnInputs(input).map(({ connection }) => connection)
  const connections = connectionSections(gateway, served).map(
    ({ name, connection, role }) => [name, connectionSection(input, connection, role)] as const,
  )
  return settingsText({ connections: Object.fromEntries(connections), ...poolsSection(gateway) })
}

function connectionSection(input: GatewayInput, connection: VpnConnection, role?: Role): Section {
  const { gateway } = input
  const { cryptography } = connection
  const networks = role === undefined || role.routes.length === 0 ? networksOf(connection) : role.routes
  return {
    version: '2',
    ...(gateway.outside.address !== undefined && { local_addrs: gateway.outside.address }),
    proposals: ikeProposal(cryptography),
    pools: poolOf(gateway, role),
    send_cert: 'always',
    send_certreq: 'no',
    fragmentation: 'yes',
    unique: 'never',
    dpd_delay: '30s',
    rekey_time: '0s',
    over_time: '2s',
    rand_time: '0s',
    local: { auth: 'pubkey', certs: `${gateway.certificate}.pem`, id: hostNameOf(input, connection) },
    remote: {
      auth: 'eap-radius',
      id: '%any',
      eap_id: '%any',
      ...(role !== undefined && { groups: role.name }),
    },
    children: {
      net: {
        local_ts: networks.join(','),
        esp_proposals: espProposal(cryptography),
        rekey_time: `${String(cryptography.espLifetimeMinutes)}m`,
      },
    },
  }
}

/**
 * `radius` = Framed-IP-Address. Alone, always: beside another pool it is never asked, and a user without the attribute
 * gets no tunnel on it. That is why each kind of user has a connection of its own.
 */
function poolOf(gateway: GatewayConfiguration, role?: Role): string {
  if ((role ?? gateway).addressPool === undefined) return 'radius'
  return role === undefined ? 'addresses' : `addresses-${roleName(gateway, role)}`
}

function poolsSection(gateway: GatewayConfiguration): Section {
  const dns = gateway.dns.length === 0 ? {} : { dns: gateway.dns.join(',') }
  const roles = gateway.roles.flatMap((role): [string, Section][] =>
    role.addressPool === undefined ? [] : [[poolOf(gateway, role), { addrs: role.addressPool, ...dns }]],
  )
  const pools: Section = {
    ...Object.fromEntries(roles),
    ...(gateway.addressPool !== undefined &&
      servesOthers(gateway) && { [poolOf(gateway)]: { addrs: gateway.addressPool, ...dns } }),
  }
  return Object.keys(pools).length === 0 ? {} : { pools }
}
