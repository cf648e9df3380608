import type { ClientConfiguration, GatewayConfiguration } from '../config/schema.ts'
import type { ProfileInput } from './profile-input.ts'

/** Everything a gateway's settings are made of; plain data with the secrets of the RADIUS client. */
export interface GatewayInput {
  readonly gateway: GatewayConfiguration
  readonly client: ClientConfiguration
  /** Those the gateway serves, for nobody in particular; never empty. */
  readonly connections: readonly ProfileInput[]
  /** Shared secret of logins and accounting; that of the future while a rotation is under way. */
  readonly secret: string
  /** How this server sends CoA and Disconnect; absent: never. */
  readonly dynamicAuthorization?: {
    readonly port: number
    readonly secret: string
    readonly messageAuthenticator: boolean
  }
}
