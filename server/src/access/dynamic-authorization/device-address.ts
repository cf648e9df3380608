import { ClientTable } from '../../config/client-table.ts'
import { type ClientConfiguration, DEFAULT_DYNAMIC_AUTHORIZATION } from '../../config/schema.ts'
import type { SessionRow } from '../session-store.ts'
import { habitsOf } from './vendor-habits.ts'

/** Where a device takes CoA and Disconnect. */
export interface Device {
  readonly address: string
  readonly port: number
}

/**
 * The address to send to: the configured one, else the client's own. A client that is a whole network has many devices,
 * so the one that reported the session is taken, and only where it lies inside that network: a session must not be able
 * to name a host of somebody else.
 */
export function deviceOf(
  client: ClientConfiguration,
  networks: readonly string[],
  session: Pick<SessionRow, 'nas_address'>,
): Device | undefined {
  const settings = client.dynamicAuthorization ?? DEFAULT_DYNAMIC_AUTHORIZATION
  const { address, port = habitsOf(client.vendor).port } = settings
  if (address !== undefined) return { address, port }
  const reported = session.nas_address
  if (reported !== null && !isOneHost(networks) && isInside(reported, networks)) {
    return { address: reported, port }
  }
  const hosts = networks.map(hostOf)
  const [first] = hosts
  return first === undefined || hosts.includes(undefined) ? undefined : { address: first, port }
}

function isOneHost(networks: readonly string[]): boolean {
  return networks.length === 1 && hostOf(networks[0] ?? '') !== undefined
}

function hostOf(network: string): string | undefined {
  return /^([^:]+)\/32$|^(.*:.*)\/128$/
    .exec(network)
    ?.slice(1)
    .find((host) => host !== undefined)
}

function isInside(address: string, networks: readonly string[]): boolean {
  return new ClientTable([{ networks, value: true }]).find(address) === true
}
