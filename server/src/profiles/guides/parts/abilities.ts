import type { AuthenticationMethod, TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Finding } from '../../profile-output.ts'

/** What the program of a system can do, by hand, of what a connection may ask for. */
export interface VpnAbilities {
  readonly tunnels: Readonly<Partial<Record<TunnelType, readonly AuthenticationMethod[]>>>
  /** How IPsec below L2TP can prove itself. */
  readonly l2tpMachine: readonly VpnConnection['l2tpMachineAuthentication'][]
}

/** Tunnels of a connection that a system can be set up for, in the order of the connection. */
export function waysIn(connection: VpnConnection, abilities: VpnAbilities): readonly TunnelType[] {
  return connection.tunnelTypes.filter((tunnel) => obstacleOf(connection, abilities, tunnel) === undefined)
}

/** A tunnel that is left out is a warning, all of them an obstacle. */
export function tunnelFindings(
  system: string,
  { connection }: ProfileInput<VpnConnection>,
  abilities: VpnAbilities,
): readonly Finding[] {
  const ways = waysIn(connection, abilities)
  return connection.tunnelTypes.flatMap((tunnel): Finding[] => {
    const why = obstacleOf(connection, abilities, tunnel)
    if (why === undefined) return []
    const [code, reason, setting] = why
    return [
      {
        severity: ways.length === 0 ? 'obstacle' : 'warning',
        code,
        message: `${system}: ${reason}`,
        setting,
      },
    ]
  })
}

function obstacleOf(
  { authentication, l2tpMachineAuthentication }: VpnConnection,
  { tunnels, l2tpMachine }: VpnAbilities,
  tunnel: TunnelType,
): readonly [code: string, reason: string, setting: string] | undefined {
  const methods = tunnels[tunnel]
  if (methods === undefined)
    return ['tunnel-not-on-system', `there is no ${tunnel} in its own settings.`, 'tunnelTypes']
  if (!methods.includes(authentication)) {
    return [
      'method-not-on-system',
      `${tunnel} cannot be set up by hand with ${authentication}.`,
      'authentication',
    ]
  }
  if (tunnel === 'l2tp' && !l2tpMachine.includes(l2tpMachineAuthentication)) {
    return [
      'l2tp-machine-not-on-system',
      `L2TP cannot be set up by hand with ${l2tpMachineAuthentication}.`,
      'l2tpMachineAuthentication',
    ]
  }
  return undefined
}

/** The same for Wi-Fi and wired connections, which have methods alone. */
export function methodFindings(
  system: string,
  { connection }: ProfileInput,
  methods: readonly AuthenticationMethod[],
): readonly Finding[] {
  if (methods.includes(connection.authentication)) return []
  return [
    {
      severity: 'obstacle',
      code: 'method-not-on-system',
      message: `${system}: 802.1X cannot be set up by hand with ${connection.authentication}.`,
      setting: 'authentication',
    },
  ]
}
