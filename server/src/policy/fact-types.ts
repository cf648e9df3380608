import type { Facts } from './facts.ts'

/** CEL types the facts use, by CEL's own names. */
export type FactType =
  | 'string'
  | 'bool'
  | 'int'
  | 'list<string>'
  | 'map<string, string>'
  | 'map<string, list<string>>'
  | 'google.protobuf.Timestamp'

type Namespace = {
  [Name in keyof Facts]-?: Facts[Name] extends object | undefined ? Name : never
}[keyof Facts]
type FieldsOf<Fact> = { readonly [Field in keyof Required<Fact>]: FactType }

/**
 * The declared type of every fact: what a condition is checked against. A field added to `Facts` fails to compile until
 * it is declared here. Instants are ISO 8601 text in the facts and timestamps in a condition.
 */
export const FACT_TYPES = {
  user: {
    name: 'string',
    realm: 'string',
    source: 'string',
    groups: 'list<string>',
    attributes: 'map<string, string>',
    kind: 'string',
    lookup: 'string',
  },
  auth: {
    method: 'string',
    inner: 'string',
    outerIdentity: 'string',
    tlsVersion: 'string',
    resumed: 'bool',
  },
  client: { name: 'string', vendor: 'string', address: 'string' },
  request: {
    calledStationId: 'string',
    callingStationId: 'string',
    callingMac: 'string',
    nasIdentifier: 'string',
    nasPortType: 'string',
    serviceType: 'string',
    connection: 'string',
    attributes: 'map<string, list<string>>',
  },
  certificate: {
    subject: 'string',
    issuer: 'string',
    serial: 'string',
    fingerprint: 'string',
    notAfter: 'google.protobuf.Timestamp',
    extendedKeyUsages: 'list<string>',
    dnsNames: 'list<string>',
    upns: 'list<string>',
    emails: 'list<string>',
    sid: 'string',
    subjectKeyId: 'string',
    publicKeySha1: 'string',
    thumbprint: 'string',
    authority: 'string',
    revocation: 'string',
    revocationSource: 'string',
  },
  mac: {
    address: 'string',
    groups: 'list<string>',
    description: 'string',
    owner: 'string',
    attributes: 'map<string, string>',
  },
  time: { now: 'google.protobuf.Timestamp', hour: 'int', weekday: 'int' },
} as const satisfies { readonly [Name in Namespace]: FieldsOf<NonNullable<Facts[Name]>> }

export type FactNamespace = keyof typeof FACT_TYPES

export const FACT_NAMESPACES = Object.keys(FACT_TYPES) as readonly FactNamespace[] // keys of the literal above

/** `user.groups` and the like: every path a condition may read. */
export const FACT_PATHS: readonly string[] = [
  'door',
  ...FACT_NAMESPACES.flatMap((name) => Object.keys(FACT_TYPES[name]).map((field) => `${name}.${field}`)),
]

/** Whether a fact is as a rule known before anybody proved anything. */
export function isEarlyFact(path: string): boolean {
  return path === 'auth.outerIdentity' || /^(door|client|request|time)\b/.test(path)
}

export function isFactField(namespace: string, field: string): boolean {
  if (!Object.hasOwn(FACT_TYPES, namespace)) return false
  return Object.hasOwn(FACT_TYPES[namespace as FactNamespace], field) // asked for right above
}
