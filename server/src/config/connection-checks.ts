import { isDeepStrictEqual } from 'node:util'
import type { Problem } from './problem.ts'
import type { Configuration, GatewayConfiguration, GatewayKind, VpnConnection } from './schema.ts'
import { ORDINARY } from './sections/shown-text.ts'
import { closest } from './suggestion.ts'

/** What a connection says of itself and of other sections hangs together. */
export function connectionsHoldTogether({ connections, certificateTemplates }: Configuration): Problem[] {
  const templates = certificateTemplates.map(({ name }) => name)
  return connections.flatMap((connection) => {
    const path = `connections/${connection.name}`
    const { certificateTemplate } = connection
    const unknown =
      certificateTemplate === undefined
        ? []
        : missing(`${path}/certificateTemplate`, 'template', certificateTemplate, templates)
    return [...unknown, ...(connection.kind === 'vpn' ? vpnProblems(path, connection) : [])]
  })
}

/** A gateway asks as a client that is there and serves connections of its kind. */
export function gatewaysHoldTogether({ gateways, clients, connections, profiles }: Configuration): Problem[] {
  return gateways.flatMap((gateway) => {
    const path = `gateways/${gateway.name}`
    return [
      ...missing(`${path}/client`, 'client', gateway.client, clients.map(name)),
      ...gateway.roles
        .filter(({ name: role }) => !profiles.some((profile) => profile.role === role))
        .map(({ name: role }) =>
          warning(
            `${path}/roles/${role}`,
            'role-never-given',
            `No profile gives role '${role}': nobody gets its networks and addresses.`,
          ),
        ),
      ...(gateway.interimSeconds < LEAST_INTERIM_SECONDS
        ? [
            warning(
              `${path}/interimSeconds`,
              'interim-too-often',
              `Reports every ${String(gateway.interimSeconds)} s: RFC 2869 section 5.16 wants 60 or more, and many devices ignore less.`,
            ),
          ]
        : []),
      ...gateway.connections.flatMap((wanted, index) => {
        const connection = connections.find((one) => one.name === wanted)
        const place = `${path}/connections/${String(index)}`
        if (connection === undefined) return missing(place, 'connection', wanted, connections.map(name))
        return KINDS_SERVED[gateway.kind].includes(connection.kind) ? [] : [wrongKind(place, gateway, wanted)]
      }),
    ]
  })
}

/** RFC 2869 section 5.16. */
const LEAST_INTERIM_SECONDS = 60

/** Devices have one set of suites, and tell connections of one host name apart by nothing. */
export function gatewaysServeConnectionsApart({ gateways, connections }: Configuration): Problem[] {
  return gateways.flatMap(({ name: gateway, kind, connections: wanted, hostName }) => {
    const path = `gateways/${gateway}/connections`
    const served = connections.filter(
      (one): one is VpnConnection => one.kind === 'vpn' && wanted.includes(one.name),
    )
    const [first, ...others] = served
    if (first === undefined) return []
    const differing = others.filter((one) => !isDeepStrictEqual(one.cryptography, first.cryptography))
    if (kind !== 'strongswan' && differing.length > 0) {
      const message = `A gateway of kind ${kind} gets the suites of "${first.name}" alone; "${differing.map(name).join('", "')}" has others.`
      return [warning(path, 'suites-differ', message)]
    }
    const hostOf = (one: VpnConnection) => hostName ?? one.gateways[0]?.address
    if (kind !== 'strongswan') return []
    return [...Map.groupBy(served, hostOf).values()].flatMap(([taken, ...alike]) => {
      if (taken === undefined || alike.length === 0) return []
      const message = `"${taken.name}" and "${alike.map(name).join('", "')}" have the same host name: the gateway takes the first that fits, whoever calls.`
      return [warning(path, 'connections-alike', message)]
    })
  })
}

/**
 * strongSwan serves whom the policy lets in by the connection they name. What tells the connections apart is a rule about
 * `request.connection`; where nothing tells them apart, nothing has to.
 */
export function gatewaysKeepConnectionsApart({ gateways, connections, rules }: Configuration): Problem[] {
  if (rules.some(({ when }) => when?.includes('request.connection') === true)) return []
  return gateways
    .filter(({ kind }) => kind === 'strongswan')
    .flatMap((gateway) => {
      const [first, ...others] = connections.filter(
        (one): one is VpnConnection => one.kind === 'vpn' && gateway.connections.includes(one.name),
      )
      const differing = others.filter((one) => !isDeepStrictEqual(openTo(one), openTo(first)))
      if (first === undefined || differing.length === 0) return []
      const message = `Whoever the rules let in may come by "${first.name}" or by "${differing.map(name).join('", "')}", whatever the groups of each: say in the rules who comes by which (request.connection).`
      return [warning(`gateways/${gateway.name}/connections`, 'connections-open-to-all', message)]
    })
}

/** Whom a connection is for, and what is behind it. */
function openTo(connection: VpnConnection | undefined) {
  return [connection?.groups, connection?.routing, connection?.routes]
}

const VPN = ['vpn'] as const
const PORTS = ['wifi', 'wired'] as const
const KINDS_SERVED: Readonly<Record<GatewayKind, readonly ('vpn' | 'wifi' | 'wired')[]>> = {
  strongswan: VPN,
  rras: VPN,
  'nps-proxy': ['vpn', 'wifi', 'wired'],
  mikrotik: ['vpn', 'wifi', 'wired'],
  draytek: ['vpn', 'wifi', 'wired'],
  opnsense: VPN,
  pfsense: VPN,
  fortigate: ['vpn', 'wifi', 'wired'],
  'cisco-asa': VPN,
  'cisco-ios': ['vpn', 'wifi', 'wired'],
  hostapd: PORTS,
  unifi: PORTS,
  aruba: PORTS,
}

function vpnProblems(path: string, connection: VpnConnection): Problem[] {
  const { authentication, tunnelTypes, l2tpMachineAuthentication, preSharedKey, encryption } = connection
  const problems: Problem[] = []
  const offers = (type: (typeof tunnelTypes)[number]) => tunnelTypes.includes(type)
  if (offers('ikev2') && authentication === 'mschapv2') {
    problems.push(
      error(
        `${path}/authentication`,
        'method-not-in-ikev2',
        'IKEv2 carries EAP alone: use eap-mschapv2, or leave ikev2 out of tunnelTypes.',
      ),
    )
  }
  if (offers('l2tp') && l2tpMachineAuthentication === 'psk' && preSharedKey === undefined) {
    problems.push(
      error(
        `${path}/preSharedKey`,
        'pre-shared-key-missing',
        'L2TP with a shared key needs one: give it, or {generate: true}.',
      ),
    )
  }
  // A line break at the end comes along with many a file, and no client has a way to type one.
  if (preSharedKey !== undefined && (/\p{Cc}/u.test(preSharedKey) || !ORDINARY.test(preSharedKey))) {
    problems.push(
      error(
        `${path}/preSharedKey`,
        'pre-shared-key-untypable',
        'The shared key holds a line break, another control character or a direction mark: nobody can type it.',
      ),
    )
  }
  if (offers('pptp')) {
    problems.push(
      warning(
        `${path}/tunnelTypes`,
        'pptp-unsafe',
        'PPTP protects nothing: what is recorded today is read tomorrow. Use IKEv2 or SSTP.',
      ),
    )
  }
  if (offers('l2tp') && l2tpMachineAuthentication === 'psk') {
    problems.push(
      warning(
        `${path}/l2tpMachineAuthentication`,
        'psk-shared-by-all',
        'Everybody who has the shared key of L2TP can play the gateway. Use certificates.',
      ),
    )
  }
  if (encryption === 'optional' || encryption === 'none') {
    problems.push(
      warning(
        `${path}/encryption`,
        'encryption-not-required',
        `encryption: ${encryption} lets a tunnel come up in the clear.`,
      ),
    )
  }
  if (connection.routing === 'split' && connection.routes.length === 0) {
    problems.push(
      warning(
        `${path}/routes`,
        'split-without-routes',
        'routing: split without routes: nothing goes through the tunnel.',
      ),
    )
  }
  return problems
}

function wrongKind(path: string, { kind }: GatewayConfiguration, wanted: string): Problem {
  return error(path, 'connection-kind-not-served', `A gateway of kind ${kind} does not serve '${wanted}'.`)
}

function missing(path: string, what: string, wanted: string, known: readonly string[]): Problem[] {
  if (known.includes(wanted)) return []
  return [error(path, `unknown-${what}`, `There is no ${what} '${wanted}'.`, closest(wanted, known))]
}

function error(path: string, code: string, message: string, suggestion?: string): Problem {
  return { path, severity: 'error', code, message, ...(suggestion === undefined ? {} : { suggestion }) }
}

function warning(path: string, code: string, message: string): Problem {
  return { path, severity: 'warning', code, message }
}

const name = (object: { readonly name: string }): string => object.name
