import type { GatewayConfiguration, GatewayKind } from '../../config/schema.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Gateway, GatewayService } from '../../listeners/https/services.ts'
import type { GatewayInput } from '../../profiles/gateway-input.ts'
import type { GatewayOutput } from '../../profiles/gateway-output.ts'
import { GATEWAY_OUTPUTS } from '../../profiles/gateway-outputs.ts'
import { type Finding, isObstacle } from '../../profiles/profile-output.ts'
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
      const [input, output] = [gatewayInput(served(), authority, gateway), outputOf(gateway)]
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
  const { name, kind, client } = gateway
  const output = GATEWAY_OUTPUTS.find((one) => one.kind === kind)
  const findings = output === undefined ? [notWritten(kind)] : [...output.findings(input)]
  return {
    ...{ name, kind, title: output?.title ?? kind, client, connections: [...gateway.connections] },
    ...{ possible: !findings.some(isObstacle), findings },
  }
}

function outputOf({ kind }: GatewayConfiguration): GatewayOutput {
  const output = GATEWAY_OUTPUTS.find((one) => one.kind === kind)
  if (output !== undefined) return output
  throw new RequestError('output-not-found', notWritten(kind).message, { output: kind })
}

function notWritten(kind: GatewayKind): Finding {
  return {
    ...{ severity: 'obstacle', code: 'kind-not-written', setting: 'kind' },
    message: `Settings of kind ${kind} are not written here.`,
  }
}
