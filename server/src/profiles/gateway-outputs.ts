import type { GatewayOutput } from './gateway-output.ts'
import { HOSTAPD } from './gateways/hostapd/hostapd.ts'
import { STRONGSWAN } from './gateways/strongswan/strongswan.ts'

/** Every kind of gateway whose settings are written here. */
export const GATEWAY_OUTPUTS: readonly GatewayOutput[] = [STRONGSWAN, HOSTAPD]
