import { randomBytes } from 'node:crypto'
import { ConfigError } from '../kernel/errors.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Problem } from './problem.ts'
import {
  type ClientConfiguration,
  type Configuration,
  type ConfigurationDocument,
  configurationSchema,
} from './schema.ts'
import type { ClientDocument } from './sections/clients.ts'
import type { SecretInput } from './sections/secret.ts'

/** Fields of a client that are secrets. Only clients have some. */
export const CLIENT_SECRETS = ['secret', 'newSecret', 'dynamicAuthorizationSecret'] as const

/** A secret the server made: shown once to whoever applied. */
export interface GeneratedSecret {
  readonly path: string
  readonly value: string
}

/** 24 octets: 32 characters of base64url. */
const GENERATED_LENGTH = 24

/** `clients/vpn-1/secret`: what `ref` names, and what a stored secret is sealed for. */
export function clientSecretPath(client: string, field: (typeof CLIENT_SECRETS)[number]): string {
  return `clients/${client}/${field}`
}

/** The plain secrets of a configuration by path. */
export function secretsOf(configuration: Pick<Configuration, 'clients'>): Map<string, string> {
  const secrets = new Map<string, string>()
  for (const client of configuration.clients) {
    for (const field of CLIENT_SECRETS) {
      const secret = client[field]
      if (secret !== undefined) secrets.set(clientSecretPath(client.name, field), secret)
    }
  }
  return secrets
}

/** Turns what the document says about secrets into secrets: given, kept, referred to or made. */
export function resolveSecrets(
  clients: readonly ClientDocument[],
  stored: ReadonlyMap<string, string>,
): { clients: ClientConfiguration[]; generated: GeneratedSecret[]; problems: Problem[] } {
  const generated: GeneratedSecret[] = []
  const problems: Problem[] = []
  const resolve = (input: SecretInput, path: string): string => {
    if (typeof input === 'string') return input
    if ('ref' in input) {
      const secret = stored.get(input.ref)
      if (secret === undefined) problems.push(notStored(path, input.ref))
      return secret ?? ''
    }
    const kept = stored.get(path)
    if (kept !== undefined) return kept
    const value = randomBytes(GENERATED_LENGTH).toString('base64url')
    generated.push({ path, value })
    return value
  }
  return { clients: clients.map((client) => mapSecrets(client, resolve)), generated, problems }
}

/** The configuration as the store keeps it: JSON, secrets sealed for their place. */
export function sealConfiguration(configuration: Configuration, sealer: Sealer): string {
  const clients = configuration.clients.map((client) =>
    mapSecrets(client, (secret, path) => sealer.seal(secret, path)),
  )
  return JSON.stringify({ ...configuration, clients })
}

/** @throws ConfigError 'seal-key-missing', 'seal-broken', 'stored-configuration-unreadable' */
export function openConfiguration(stored: string, sealer: Sealer): Configuration {
  // The schema fills in what it has learned since this was stored. A sealed secret passes as text.
  const { success, data: configuration } = configurationSchema.safeParse(JSON.parse(stored))
  if (!success) throw unreadable()
  const clients = configuration.clients.map((client) =>
    mapSecrets(client, (sealed, path) => {
      if (typeof sealed !== 'string') throw unreadable()
      return sealer.open(sealed, path)
    }),
  )
  return { ...configuration, clients }
}

/** The configuration as `export` writes it: applying it again keeps the stored secrets. */
export function withReferences(configuration: Configuration): ConfigurationDocument {
  const clients = configuration.clients.map((client) => mapSecrets(client, (_, path) => ({ ref: path })))
  return { ...configuration, clients }
}

type ClientSecrets<T> = { secret: T; newSecret?: T; dynamicAuthorizationSecret?: T }
type OtherFields = Omit<ClientConfiguration, (typeof CLIENT_SECRETS)[number]>

function mapSecrets<In, Out>(
  client: OtherFields & ClientSecrets<In>,
  map: (secret: In, path: string) => Out,
): OtherFields & ClientSecrets<Out> {
  const { secret, newSecret, dynamicAuthorizationSecret, ...rest } = client
  const mapped = (input: In, field: (typeof CLIENT_SECRETS)[number]): Out =>
    map(input, clientSecretPath(client.name, field))
  return {
    ...rest,
    secret: mapped(secret, 'secret'),
    ...(newSecret === undefined ? {} : { newSecret: mapped(newSecret, 'newSecret') }),
    ...(dynamicAuthorizationSecret === undefined
      ? {}
      : {
          dynamicAuthorizationSecret: mapped(dynamicAuthorizationSecret, 'dynamicAuthorizationSecret'),
        }),
  }
}

function notStored(path: string, ref: string): Problem {
  return {
    path,
    severity: 'error',
    code: 'secret-not-stored',
    message: `No secret is stored as ${ref}. Give one, or write {generate: true}.`,
  }
}

function unreadable(): ConfigError {
  return new ConfigError(
    'stored-configuration-unreadable',
    'The stored configuration does not fit this version of Sallyport. Install the version that wrote it.',
  )
}
