import type { GatewayConfiguration } from '../../config/schema.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Gateway, GatewayService } from '../../listeners/https/services.ts'
import type { GatewayInput } from '../../profiles/gateway-input.ts'
import { GATEWAY_OUTPUTS } from '../../profiles/gateway-outputs.ts'
import { isObstacle } from '../../profiles/profile-output.ts'
import type { ApiParts } from '../api-services.ts'
import { collectSeen } from '../gateway-check/collect.ts'
import { gatewayCheck } from '../gateway-check/gateway-check.ts'
import { gatewayInput, gatewayOf } from '../profiles/gateway-inputs.ts'
import { transported } from './connections.ts'

type Parts = Pick<ApiParts, 'configuration' | 'authority' | 'reader' | 'workers' | 'sealer' | 'clock'>

/** VPN gateways, switches and access points: their settings, and what was seen from them. */
export function gatewayApi(parts: Parts): GatewayService {
  const { configuration, authority } = parts
  const served = () => configuration.snapshot.configuration
  return {
    list: async () =>
      served().gateways.map((gateway) => describe(gateway, gatewayInput(served(), authority, gateway))),
    make: async (name) => {
      const gateway = gatewayOf(served(), name)
      const [input, output] = [
        gatewayInput(served(), authority, gateway),
        GATEWAY_OUTPUTS[gateway.kind],
      ] as const
      const obstacles = output.findings(input).filter(isObstacle)
      if (obstacles.length === 0) return output.make(input).map(transported)
      throw new RequestError('profile-not-possible', obstacles.map(({ message }) => message).join(' '), {
        gateway: name,
      })
    },
    check: async (name) => {
      const input = gatewayInput(served(), authority, gatewayOf(served(), name))
      return gatewayCheck(await collectSeen(parts, input))
    },
  }
}

function describe(gateway: GatewayConfiguration, input: GatewayInput): Gateway {
  const { name, kind, client, connections } = gateway
  const output = GATEWAY_OUTPUTS[kind]
  const findings = [...output.findings(input)]
  return {
    ...{ name, kind, title: output.title, client, connections: [...connections] },
    ...{ possible: !findings.some(isObstacle), findings },
  }
}
