import { habitsOf } from '../../access/dynamic-authorization/vendor-habits.ts'
import {
  type ClientConfiguration,
  type Configuration,
  DEFAULT_DYNAMIC_AUTHORIZATION,
  type GatewayConfiguration,
} from '../../config/schema.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import type { GatewayInput } from '../../profiles/gateway-input.ts'
import { profileInput } from './profile-inputs.ts'
import { unknownName } from './unknown-name.ts'

/** What the settings of a gateway are made of. Its client and connections are there: the plan refuses others. */
export function gatewayInput(
  configuration: Configuration,
  authority: Pick<CertificateAuthority, 'anchors' | 'caCertificates'>,
  gateway: GatewayConfiguration,
): GatewayInput {
  const client = clientOf(configuration, gateway)
  const coa = dynamicAuthorizationOf(client)
  return {
    gateway,
    client,
    connections: configuration.connections
      .filter(({ name }) => gateway.connections.includes(name))
      .map((connection) => profileInput(configuration, authority, connection, {})),
    secret: client.newSecret ?? client.secret,
    ...(coa !== undefined && { dynamicAuthorization: coa }),
  }
}

/** @throws RequestError 'gateway-not-found' */
export function gatewayOf({ gateways }: Configuration, name: string): GatewayConfiguration {
  const gateway = gateways.find((one) => one.name === name)
  if (gateway !== undefined) return gateway
  const known = gateways.map((one) => one.name)
  throw unknownName('gateway-not-found', { what: 'gateway', name, known, list: 'npx sallyport gateways' })
}

export function clientOf({ clients }: Configuration, gateway: GatewayConfiguration): ClientConfiguration {
  const client = clients.find(({ name }) => name === gateway.client)
  if (client !== undefined) return client
  throw new Error(`gateway ${gateway.name} without its client ${gateway.client}`) // refused by the plan
}

function dynamicAuthorizationOf(client: ClientConfiguration): GatewayInput['dynamicAuthorization'] {
  const { enabled, port, messageAuthenticator } = client.dynamicAuthorization ?? DEFAULT_DYNAMIC_AUTHORIZATION
  if (!enabled) return undefined
  return {
    port: port ?? habitsOf(client.vendor).port,
    secret: client.dynamicAuthorizationSecret ?? client.newSecret ?? client.secret,
    messageAuthenticator,
  }
}
