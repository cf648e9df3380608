import { fromUtf8 } from '@sallyport/bytes'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import {
  expectOid,
  latin1,
  readBoolean,
  readInteger,
  readNamedBits,
  readSmallInteger,
} from '../der/der-values.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { type GeneralName, readGeneralName, readGeneralNames } from '../names/general-name.ts'
import { EXTENSION, OTHER_NAME } from '../oids.ts'
import { malformed } from '../pki-error.ts'
import { type DistributionPoint, readDistributionPoints } from './distribution-point.ts'
import type { Extension } from './extension.ts'

/** The extensions of a certificate that this house understands, decoded (RFC 5280 section 4.2.1). */
export interface CertificateExtensions {
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength: number | undefined }
  readonly keyUsage?: ReadonlySet<KeyUsage>
  /** OIDs; an empty list does not conform and no purpose fits it. */
  readonly extendedKeyUsage?: readonly string[]
  readonly subjectAltName?: readonly GeneralName[]
  readonly subjectKeyIdentifier?: Uint8Array
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifier
  readonly nameConstraints?: NameConstraints
  readonly certificatePolicies?: readonly string[]
  readonly policyMappings?: readonly PolicyMapping[]
  readonly policyConstraints?: PolicyConstraints
  /** SkipCerts of inhibitAnyPolicy. */
  readonly inhibitAnyPolicy?: number
  readonly crlDistributionPoints?: readonly DistributionPoint[]
  /** Security identifier (KB5014754), `S-1-5-21-...`. */
  readonly sid?: string
  /** OIDs of critical extensions that are not understood. */
  readonly unknownCritical: readonly string[]
}

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array
  readonly issuer?: readonly GeneralName[]
  readonly serial?: Uint8Array
}

export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

export interface PolicyMapping {
  readonly issuerDomain: string
  readonly subjectDomain: string
}

export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number
  readonly inhibitPolicyMapping?: number
}

/** RFC 5280 section 4.2.1.3, in the order of the bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUsage = (typeof KEY_USAGES)[number]

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const DECODERS: Readonly<Record<string, (value: Uint8Array, into: Mutable<CertificateExtensions>) => void>> =
  {
    [EXTENSION.basicConstraints]: (value, into) => {
      into.basicConstraints = readBasicConstraints(value)
    },
    [EXTENSION.keyUsage]: (value, into) => {
      into.keyUsage = readKeyUsage(value)
    },
    [EXTENSION.extendedKeyUsage]: (value, into) => {
      into.extendedKeyUsage = readOids(value, 'extendedKeyUsage')
    },
    [EXTENSION.subjectAltName]: (value, into) => {
      into.subjectAltName = readGeneralNames(onlyElement(value, TAG.sequence, 'subjectAltName').content)
    },
    [EXTENSION.subjectKeyIdentifier]: (value, into) => {
      into.subjectKeyIdentifier = onlyElement(value, TAG.octetString, 'subjectKeyIdentifier').content
    },
    [EXTENSION.authorityKeyIdentifier]: (value, into) => {
      into.authorityKeyIdentifier = readAuthorityKeyIdentifier(value)
    },
    [EXTENSION.nameConstraints]: (value, into) => {
      into.nameConstraints = readNameConstraints(value)
    },
    [EXTENSION.certificatePolicies]: (value, into) => {
      into.certificatePolicies = readCertificatePolicies(value)
    },
    [EXTENSION.policyMappings]: (value, into) => {
      into.policyMappings = readPolicyMappings(value)
    },
    [EXTENSION.policyConstraints]: (value, into) => {
      into.policyConstraints = readPolicyConstraints(value)
    },
    [EXTENSION.inhibitAnyPolicy]: (value, into) => {
      into.inhibitAnyPolicy = readSmallInteger(onlyElement(value, TAG.integer, 'inhibitAnyPolicy'))
    },
    [EXTENSION.cRLDistributionPoints]: (value, into) => {
      into.crlDistributionPoints = readDistributionPoints(value)
    },
    [EXTENSION.ntdsCaSecurity]: (value, into) => {
      into.sid = readSid(value)
    },
  }

/** Understood in the sense that nothing in them bears on whether a path is valid. */
const HARMLESS: readonly string[] = [EXTENSION.issuerAltName]

export function decodeExtensions(extensions: ReadonlyMap<string, Extension>): CertificateExtensions {
  const unknownCritical: string[] = []
  const decoded: Mutable<CertificateExtensions> = { unknownCritical }
  for (const extension of extensions.values()) {
    const decode = DECODERS[extension.oid]
    if (decode !== undefined) decode(extension.value, decoded)
    else if (extension.critical && !HARMLESS.includes(extension.oid)) unknownCritical.push(extension.oid)
  }
  return decoded
}

function readBasicConstraints(value: Uint8Array): { ca: boolean; pathLength: number | undefined } {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'basicConstraints').content)
  const flag = reader.optional(TAG.boolean)
  const length = reader.optional(TAG.integer)
  reader.finish('basicConstraints')
  return {
    ca: flag !== undefined && readBoolean(flag),
    pathLength: length === undefined ? undefined : readSmallInteger(length),
  }
}

function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const bits = readNamedBits(onlyElement(value, TAG.bitString, 'keyUsage'))
  return new Set(KEY_USAGES.filter((_, bit) => bits.has(bit)))
}

function readOids(value: Uint8Array, what: string): string[] {
  const reader = new DerReader(onlyElement(value, TAG.sequence, what).content)
  const oids: string[] = []
  while (!reader.done) oids.push(expectOid(reader, what))
  return oids
}

function readAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'authorityKeyIdentifier').content)
  const keyIdentifier = reader.optional(contextPrimitive(0))?.content
  const issuer = reader.optional(contextConstructed(1))
  const serial = reader.optional(contextPrimitive(2))
  reader.finish('authorityKeyIdentifier')
  return {
    ...(keyIdentifier && { keyIdentifier }),
    ...(issuer && { issuer: readGeneralNames(issuer.content) }),
    ...(serial && { serial: readInteger(serial) }),
  }
}

function readNameConstraints(value: Uint8Array): NameConstraints {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'nameConstraints').content)
  const permitted = reader.optional(contextConstructed(0))
  const excluded = reader.optional(contextConstructed(1))
  reader.finish('nameConstraints')
  if (permitted === undefined && excluded === undefined) throw malformed('nameConstraints without a subtree')
  return {
    permitted: permitted === undefined ? [] : readSubtrees(permitted.content),
    excluded: excluded === undefined ? [] : readSubtrees(excluded.content),
  }
}

/** GeneralSubtree: RFC 5280 section 4.2.1.10 leaves no use for minimum and maximum, so both must be absent. */
function readSubtrees(content: Uint8Array): GeneralName[] {
  const reader = new DerReader(content)
  const bases: GeneralName[] = []
  while (!reader.done) {
    const subtree = reader.enter(TAG.sequence, 'GeneralSubtree')
    bases.push(readGeneralName(subtree.any()))
    subtree.finish('GeneralSubtree')
  }
  if (bases.length === 0) throw malformed('empty GeneralSubtrees')
  return bases
}

function readCertificatePolicies(value: Uint8Array): string[] {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'certificatePolicies').content)
  const policies = new Set<string>()
  while (!reader.done) {
    const information = reader.enter(TAG.sequence, 'PolicyInformation')
    const policy = expectOid(information, 'policy')
    information.optional(TAG.sequence) // qualifiers are for people
    information.finish('PolicyInformation')
    if (policies.has(policy)) throw malformed(`policy ${policy} appears twice`)
    policies.add(policy)
  }
  if (policies.size === 0) throw malformed('certificatePolicies without a policy')
  return [...policies]
}

function readPolicyMappings(value: Uint8Array): PolicyMapping[] {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'policyMappings').content)
  const mappings: PolicyMapping[] = []
  while (!reader.done) {
    const pair = reader.enter(TAG.sequence, 'policy mapping')
    mappings.push({
      issuerDomain: expectOid(pair, 'issuerDomainPolicy'),
      subjectDomain: expectOid(pair, 'subjectDomainPolicy'),
    })
    pair.finish('policy mapping')
  }
  if (mappings.length === 0) throw malformed('policyMappings without a mapping')
  return mappings
}

function readPolicyConstraints(value: Uint8Array): PolicyConstraints {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'policyConstraints').content)
  const explicit = reader.optional(contextPrimitive(0))
  const mapping = reader.optional(contextPrimitive(1))
  reader.finish('policyConstraints')
  if (explicit === undefined && mapping === undefined) throw malformed('empty policyConstraints')
  return {
    ...(explicit && { requireExplicitPolicy: readSmallInteger(explicit) }),
    ...(mapping && { inhibitPolicyMapping: readSmallInteger(mapping) }),
  }
}

/** GeneralNames with one otherName that holds an OCTET STRING of ASCII text. */
function readSid(value: Uint8Array): string {
  const [name, ...others] = readGeneralNames(onlyElement(value, TAG.sequence, 'SID extension').content)
  // Which of two accounts it is for must not be a matter of order.
  if (others.length > 0) throw malformed('SID extension with several names')
  if (name?.kind !== 'other' || name.type !== OTHER_NAME.sid) throw malformed('SID extension without a SID')
  const sid = latin1(onlyElement(name.value, TAG.octetString, 'SID').content)
  if (!/^S-1(-\d{1,15}){1,16}$/.test(sid)) throw malformed('SID is not in text form')
  return sid
}

/** The octets of a SID as the SID extension wraps them. */
export function sidOctets(sid: string): Uint8Array {
  return fromUtf8(sid)
}
