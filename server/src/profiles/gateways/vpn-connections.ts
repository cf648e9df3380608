import type { TunnelType, VpnConnection } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding } from '../profile-output.ts'

export function vpnInputs({ connections }: GatewayInput): readonly ProfileInput<VpnConnection>[] {
  return connections.filter((one): one is ProfileInput<VpnConnection> => one.connection.kind === 'vpn')
}

/** Tunnels that any of its connections offers. */
export function tunnelTypes(input: GatewayInput): ReadonlySet<TunnelType> {
  return new Set(vpnInputs(input).flatMap(({ connection }) => connection.tunnelTypes))
}

/** What IKEv2 clients check in the gateway's certificate. */
export function hostNameOf({ gateway }: GatewayInput, { gateways }: VpnConnection): string {
  return gateway.hostName ?? gateways[0]?.address ?? gateway.name // the schema wants one
}

/** Networks clients reach through the tunnel; those left out of it are the client's matter. */
export function networksOf({ routing, routes }: VpnConnection): readonly string[] {
  if (routing === 'full') return ['0.0.0.0/0', '::/0']
  return routes.filter(({ exclude }) => !exclude).map(({ prefix }) => prefix)
}

/** Tunnels a connection offers that this kind of gateway is not set up for here: an obstacle where none is left. */
export function tunnelFindings(
  input: GatewayInput,
  title: string,
  served: readonly TunnelType[],
): readonly Finding[] {
  return vpnInputs(input).flatMap(({ connection: { name, tunnelTypes: offered } }) => {
    const left = offered.filter((type) => !served.includes(type))
    if (left.length === 0) return []
    const none = left.length === offered.length
    return [
      {
        severity: none ? ('obstacle' as const) : ('warning' as const),
        code: 'tunnel-type-not-served',
        message: `${title} is not set up for ${left.join(', ')} here, which "${name}" offers${none ? ' alone' : ''}.`,
        setting: `connections/${name}/tunnelTypes`,
      },
    ]
  })
}
