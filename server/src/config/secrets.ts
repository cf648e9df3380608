import { randomBytes } from 'node:crypto'
import { ConfigError } from '../kernel/errors.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Problem } from './problem.ts'
import { type Configuration, type ConfigurationDocument, configurationSchema } from './schema.ts'
import type { SecretInput } from './sections/secret.ts'

/** The sections whose objects hold secrets, and the fields that are. */
const SECRET_FIELDS: { readonly [Section in SecretSection]: readonly string[] } = {
  clients: ['secret', 'newSecret', 'dynamicAuthorizationSecret'],
  sources: ['bindPassword', 'secret'],
  upstreams: ['secret'],
  serverCertificates: ['key'],
  challengeValidators: ['clientSecret'],
  mail: ['password'],
  connections: ['preSharedKey'],
}

type SecretSection =
  | 'clients'
  | 'sources'
  | 'upstreams'
  | 'serverCertificates'
  | 'challengeValidators'
  | 'mail'
  | 'connections'
type SectionsWithSecrets = Partial<Pick<Configuration, SecretSection>>

/** A secret the server made: shown once to whoever applied. */
export interface GeneratedSecret {
  readonly path: string
  readonly value: string
}

/** 24 octets: 32 characters of base64url. */
const GENERATED_LENGTH = 24

export function isSecretField(section: string, field: string): boolean {
  return Object.hasOwn(SECRET_FIELDS, section) && SECRET_FIELDS[section as SecretSection].includes(field) // asked for right before
}

/** The plain secrets of a configuration by path: `clients/vpn-1/secret` is what `ref` names, and what it is sealed for. */
export function secretsOf(configuration: SectionsWithSecrets): Map<string, string> {
  const secrets = new Map<string, string>()
  mapSecrets(configuration, (secret, path) => secrets.set(path, String(secret)))
  return secrets
}

/** Those somebody may have thought up: private keys are not among them. */
export function sharedSecretsOf({
  serverCertificates: _keys,
  ...others
}: Configuration): Map<string, string> {
  return secretsOf(others)
}

/** Turns what the document says about secrets into secrets: given, kept, referred to or made. */
export function resolveSecrets(
  document: Partial<ConfigurationDocument>,
  stored: ReadonlyMap<string, string>,
): {
  readonly sections: Partial<Configuration>
  readonly generated: GeneratedSecret[]
  readonly problems: Problem[]
} {
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
  // The schema let nothing else stand in the fields of secrets; now all of them are text.
  const sections = mapSecrets(document, (input, path) => resolve(input as SecretInput, path))
  return { sections: sections as Partial<Configuration>, generated, problems }
}

/** The configuration as the store keeps it: JSON, secrets sealed for their place. */
export function sealConfiguration(configuration: Configuration, sealer: Sealer): string {
  return JSON.stringify(mapSecrets(configuration, (secret, path) => sealer.seal(String(secret), path)))
}

/** @throws ConfigError 'seal-key-missing', 'seal-broken', 'stored-configuration-unreadable' */
export function openConfiguration(stored: string, sealer: Sealer): Configuration {
  const opened = mapSecrets(JSON.parse(stored), (sealed, path) => {
    if (typeof sealed !== 'string') throw unreadable()
    return sealer.open(sealed, path)
  })
  // The schema fills in what it has learned since this was stored.
  const { success, data: configuration } = configurationSchema.safeParse(opened)
  if (!success) throw unreadable()
  return configuration as Configuration // every secret was opened to text right before
}

/** The configuration as `export` writes it: applying it again keeps the stored secrets. */
export function withReferences(configuration: Configuration): ConfigurationDocument {
  // A reference is one of the forms in which a document writes a secret.
  return mapSecrets(configuration, (_, path) => ({ ref: path })) as ConfigurationDocument
}

/** The same sections with every secret mapped; `path` names the secret. */
function mapSecrets(sections: object, map: (secret: unknown, path: string) => unknown): object {
  const mapped: Record<string, unknown> = { ...sections }
  for (const [section, fields] of Object.entries(SECRET_FIELDS)) {
    const objects = mapped[section]
    if (!Array.isArray(objects)) continue
    mapped[section] = objects.map((object: Readonly<Record<string, unknown>>) => {
      const changed: Record<string, unknown> = { ...object }
      for (const field of fields) {
        if (object[field] !== undefined)
          changed[field] = map(object[field], `${section}/${String(object.name)}/${field}`)
      }
      return changed
    })
  }
  return mapped
}

function notStored(path: string, ref: string): Problem {
  const isKey = path.endsWith('/key')
  return {
    path,
    severity: 'error',
    code: 'secret-not-stored',
    message: isKey
      ? `No key is stored as ${ref}. Give one.`
      : `No secret is stored as ${ref}. Give one, or write {generate: true}.`,
  }
}

function unreadable(): ConfigError {
  return new ConfigError(
    'stored-configuration-unreadable',
    'The stored configuration does not fit this version of Sallyport. Install the version that wrote it.',
  )
}
