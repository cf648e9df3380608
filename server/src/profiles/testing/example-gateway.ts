import type { ClientConfiguration } from '../../config/schema.ts'
import { clientSchema } from '../../config/sections/clients.ts'
import { gatewaySchema } from '../../config/sections/gateways.ts'
import type { GatewayInput } from '../gateway-input.ts'
import { exampleVpn } from './example-input.ts'

type Written = Readonly<Record<string, unknown>>

const SECRET = 'a-secret-of-the-gateway'

/** strongSwan at 10.20.0.1 for the example VPN, with whatever differs. */
export function exampleGateway(written: Written = {}, others: Partial<GatewayInput> = {}): GatewayInput {
  const client = clientSchema.parse({ name: 'vpn-1', address: '10.20.0.1', secret: SECRET })
  return {
    gateway: gatewaySchema.parse(
      withoutAbsent({
        ...{ name: 'vpn-1', kind: 'strongswan', client: 'vpn-1', connections: ['Example VPN'] },
        ...{ radiusServers: ['10.20.0.5', '10.20.0.6'], addressPool: '10.30.0.0/16', dns: ['10.20.0.53'] },
        outside: { interface: 'eth0', address: '192.0.2.1' },
        inside: { interface: 'eth1', address: '10.20.0.1', dns: ['10.20.0.53'] },
        ...written,
      }),
    ),
    client: client as ClientConfiguration, // secrets of tests are written in the clear
    connections: [exampleVpn({ routing: 'split', routes: [{ prefix: '10.20.0.0/16' }] })],
    secret: SECRET,
    dynamicAuthorization: { port: 3799, secret: 'a-secret-of-coa', messageAuthenticator: true },
    ...others,
  }
}

/** `undefined` takes a setting of the example away. */
function withoutAbsent(settings: Written): Written {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
