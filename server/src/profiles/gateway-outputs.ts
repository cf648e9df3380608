import type { GatewayOutput } from './gateway-output.ts'

/** Every kind of gateway whose settings are written here. */
export const GATEWAY_OUTPUTS: readonly GatewayOutput[] = []
