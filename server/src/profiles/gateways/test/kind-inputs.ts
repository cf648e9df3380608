import { GATEWAY_KINDS, type GatewayKind } from '../../../config/schema.ts'
import type { GatewayInput } from '../../gateway-input.ts'
import { exampleGateway } from '../../testing/example-gateway.ts'
import { exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'

const CONNECTIONS = {
  vpn: () => exampleVpn({ routing: 'split', routes: [{ prefix: '10.20.0.0/16' }] }),
  wifi: () => exampleWifi(),
  wired: () => exampleWired(),
}
const PORTS: readonly GatewayKind[] = ['hostapd', 'unifi', 'aruba']

/** What each kind can be written for, with whatever differs. */
export function inputOf(
  kind: GatewayKind,
  written: Readonly<Record<string, unknown>> = {},
  others: Partial<GatewayInput> = {},
): GatewayInput {
  const connection = CONNECTIONS[PORTS.includes(kind) ? 'wifi' : 'vpn']()
  return exampleGateway({ kind, ...written }, { connections: [connection], ...others })
}

export const withWired = (): Partial<GatewayInput> => ({ connections: [CONNECTIONS.wired()] })

export const ALL_KINDS = GATEWAY_KINDS
