import { Secret, type VerifyRules } from '@sallyport/radius'
import type { ClientConfiguration } from '../config/schema.ts'
import type { MacAuthentication } from '../config/sections/mac-authentication.ts'

/** A RADIUS client as a worker serves it. */
export interface ServedClient {
  readonly name: string
  readonly vendor: string
  readonly enabled: boolean
  /** One, or two during a rotation: the old one first. */
  readonly secrets: readonly Secret[]
  readonly rules: VerifyRules
  /** Undefined: no request of this client is MAC authentication bypass. */
  readonly macAuthentication: MacAuthentication | undefined
  /** Connections by what its gateway says in NAS-Port-Id; empty where that says nothing about connections. */
  readonly connections: ReadonlyMap<string, string>
}

const NONE: ServedClient['connections'] = new Map()

export function serveClient(client: ClientConfiguration, connections = NONE): ServedClient {
  const { name, vendor, enabled, secret, newSecret, requireMessageAuthenticator, macAuthentication } = client
  return {
    name,
    vendor,
    enabled,
    secrets: [secret, ...(newSecret === undefined ? [] : [newSecret])].map((text) => new Secret(text)),
    rules: { requireMessageAuthenticator },
    macAuthentication: macAuthentication.recognise === 'off' ? undefined : macAuthentication,
    connections,
  }
}
