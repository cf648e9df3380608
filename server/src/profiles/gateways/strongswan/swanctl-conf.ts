import type { GatewayConfiguration, VpnConnection } from '../../../config/schema.ts'
import type { GatewayInput } from '../../gateway-input.ts'
import { espProposal, ikeProposal } from '../../linux/strongswan-proposals.ts'
import { type Section, settingsText } from '../../linux/strongswan-text.ts'
import { objectName } from '../plain-line.ts'
import { hostNameOf, networksOf, vpnInputs } from '../vpn-connections.ts'

type Role = GatewayConfiguration['roles'][number]

/** swanctl.conf: a connection for each role, and one for everybody else where they may come in; the first whose group fits is taken. */
export function swanctlConf(input: GatewayInput): string {
  const { gateway } = input
  const connections = vpnInputs(input)
    .filter(({ connection }) => connection.tunnelTypes.includes('ikev2'))
    .flatMap(({ connection }, index) => {
      const name = sectionName(connection.name, 'vpn')
      // Two names may come out the same.
      const unique = index === 0 ? name : `${name}-${String(index + 1)}`
      return [
        ...gateway.roles.map((role): [string, Section] => [
          `${unique}-${objectName(role.name, 'role')}`,
          connectionSection(input, connection, role),
        ]),
        ...(servesOthers(gateway)
          ? [[unique, connectionSection(input, connection)] satisfies [string, Section]]
          : []),
      ]
    })
  return settingsText({ connections: Object.fromEntries(connections), ...poolsSection(gateway) })
}

/** A role that is missing, or that is not listed, opens nothing unless the administrator says so. */
export function servesOthers({ roles, withoutRole }: GatewayConfiguration): boolean {
  return roles.length === 0 || withoutRole === 'connection'
}

/** An object keeps the order of its keys only while none is a number, and the order of connections decides. */
function sectionName(text: string, instead: string): string {
  const name = objectName(text, instead)
  return /^\d/.test(name) ? `${instead}-${name}` : name
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
function poolOf({ addressPool }: GatewayConfiguration, role?: Role): string {
  if (role !== undefined)
    return role.addressPool === undefined ? 'radius' : `addresses-${objectName(role.name, 'role')}`
  return addressPool === undefined ? 'radius' : 'addresses'
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
