import type { Configuration, GatewayConfiguration, VpnConnection } from '../../../config/schema.ts'
import { distinct, objectName } from '../plain-line.ts'

export type Role = GatewayConfiguration['roles'][number]

/** A connection of swanctl.conf: which of ours it serves, and for whom. */
export interface ConnectionSection {
  readonly name: string
  readonly connection: VpnConnection
  /** Absent: for everybody. */
  readonly role?: Role
}

/** A section for each role, and one for everybody else where they may come in; the first whose group fits is taken. */
export function connectionSections(
  gateway: GatewayConfiguration,
  connections: readonly VpnConnection[],
): readonly ConnectionSection[] {
  const sections = connections
    .filter(({ tunnelTypes }) => tunnelTypes.includes('ikev2'))
    .flatMap((connection): ConnectionSection[] => {
      const name = sectionName(connection.name)
      return [
        ...gateway.roles.map((role) => ({ name: `${name}-${roleName(gateway, role)}`, connection, role })),
        ...(servesOthers(gateway) ? [{ name, connection }] : []),
      ]
    })
  const names = distinct(sections.map(({ name }) => name))
  return sections.map((section, index) => ({ ...section, name: names[index] ?? '' }))
}

/** A role that is missing, or that is not listed, opens nothing unless the administrator says so. */
export function servesOthers({ roles, withoutRole }: GatewayConfiguration): boolean {
  return roles.length === 0 || withoutRole === 'connection'
}

/** What a role of the gateway is called in names of sections and pools. */
export function roleName({ roles }: GatewayConfiguration, role: Role): string {
  const names = distinct(roles.map(({ name }) => objectName(name, 'role')))
  return names[roles.indexOf(role)] ?? ''
}

/** An object keeps the order of its keys only while none is a number, and the order of connections decides. */
function sectionName(text: string): string {
  const name = objectName(text, 'vpn')
  return /^\d/.test(name) ? `vpn-${name}` : name
}

/**
 * Which of our connections a login through this RADIUS client is by what charon says in NAS-Port-Id: the name of the
 * section it chose by the names client and gateway call each other. Tried (5.9.8): after the login charon goes on to
 * another section only for a role, and every connection has the same roles. A name that several gateways of the client use
 * for different connections says nothing.
 */
export function connectionsByPortId(
  { gateways, connections }: Pick<Configuration, 'gateways' | 'connections'>,
  client: string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>()
  for (const gateway of gateways.filter((one) => one.kind === 'strongswan' && one.client === client)) {
    const served = connections.filter(
      (one): one is VpnConnection => one.kind === 'vpn' && gateway.connections.includes(one.name),
    )
    for (const { name, connection } of connectionSections(gateway, served)) {
      const isAnother = found.has(name) && found.get(name) !== connection.name
      found.set(name, isAnother ? undefined : connection.name)
    }
  }
  return new Map(
    [...found].flatMap(([name, connection]) => (connection === undefined ? [] : [[name, connection]])),
  )
}
