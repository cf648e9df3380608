import type { KeyObject } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  verifySignature,
} from '../algorithms/signature-algorithm.ts'
import { serialText } from '../certificate/certificate-names.ts'
import { readDistributionPointName } from '../certificate/distribution-point.ts'
import { type Extension, readExtensions } from '../certificate/extension.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import {
  readBoolean,
  readInteger,
  readOctetAlignedBits,
  readSmallInteger,
  readTime,
} from '../der/der-values.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { type DistinguishedName, readName } from '../names/distinguished-name.ts'
import { EXTENSION } from '../oids.ts'
import { malformed } from '../pki-error.ts'

/** A parsed certificate revocation list (RFC 5280 section 5). Parsing says nothing about trust. */
export interface Crl {
  readonly der: Uint8Array
  readonly issuer: DistinguishedName
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly thisUpdate: number
  /** RFC 5280 section 5.1.2.5 makes it mandatory; without it a CRL never goes stale and is not used. */
  readonly nextUpdate: number | undefined
  /** By hex of the serial's content octets. */
  readonly revoked: ReadonlyMap<string, RevokedEntry>
  readonly authorityKeyIdentifier: Uint8Array | undefined
  /** Lower-case hex. */
  readonly number: string | undefined
  readonly scope: CrlScope
  /** Critical extensions that are not understood, of the list or of an entry. */
  readonly unknownCritical: readonly string[]
  readonly tbs: Uint8Array
  readonly signature: Uint8Array
}

export interface RevokedEntry {
  readonly serial: Uint8Array
  readonly revokedAt: number
  readonly reason: CrlReason
}

/** What an issuingDistributionPoint (section 5.2.5) leaves in the list; without one: everything of its issuer. */
export interface CrlScope {
  readonly distributionPoint: readonly Uint8Array[] | undefined
  readonly onlyUserCertificates: boolean
  readonly onlyCaCertificates: boolean
  readonly onlyAttributeCertificates: boolean
  readonly onlySomeReasons: boolean
  readonly indirect: boolean
}

/** RFC 5280 section 5.3.1; 7 is not used. */
export const CRL_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const

export type CrlReason = NonNullable<(typeof CRL_REASONS)[number]>

const EVERYTHING: CrlScope = {
  distributionPoint: undefined,
  onlyUserCertificates: false,
  onlyCaCertificates: false,
  onlyAttributeCertificates: false,
  onlySomeReasons: false,
  indirect: false,
}

/** Parses DER. Throws `PkiError` `malformed`, and nothing else. The octets are copied. */
export function parseCrl(octets: Uint8Array): Crl {
  const der = Uint8Array.from(octets)
  const outer = new DerReader(onlyElement(der, TAG.sequence, 'CertificateList').content)
  const tbs = outer.expect(TAG.sequence, 'TBSCertList')
  const algorithm = outer.expect(TAG.sequence, 'signatureAlgorithm')
  const signature = readOctetAlignedBits(outer.expect(TAG.bitString, 'signature'))
  outer.finish('CertificateList')

  const reader = new DerReader(tbs.content)
  const version = reader.optional(TAG.integer)
  if (version !== undefined && readSmallInteger(version) !== 1) throw malformed('CRL version is not 2')
  const inner = reader.expect(TAG.sequence, 'signature')
  if (!equalOctets(inner.encoded, algorithm.encoded))
    throw malformed('signature algorithms inside and outside differ')
  const issuer = readName(reader.expect(TAG.sequence, 'issuer'))
  const thisUpdate = readTime(reader.any())
  const next = reader.optional(TAG.utcTime) ?? reader.optional(TAG.generalizedTime)
  const unknownCritical = new Set<string>()
  const revoked = readRevoked(reader.optional(TAG.sequence)?.content, unknownCritical)
  const explicit = reader.optional(contextConstructed(0))
  reader.finish('TBSCertList')
  const extensions =
    explicit === undefined
      ? new Map<string, Extension>()
      : readExtensions(onlyElement(explicit.content, TAG.sequence, 'CRL extensions'))
  return {
    der,
    issuer,
    signatureAlgorithm: readSignatureAlgorithm(algorithm),
    thisUpdate,
    nextUpdate: next === undefined ? undefined : readTime(next),
    revoked,
    ...readCrlExtensions(extensions, unknownCritical),
    unknownCritical: [...unknownCritical],
    tbs: tbs.encoded,
    signature,
  }
}

function readRevoked(
  content: Uint8Array | undefined,
  unknownCritical: Set<string>,
): Map<string, RevokedEntry> {
  const revoked = new Map<string, RevokedEntry>()
  if (content === undefined) return revoked
  const reader = new DerReader(content)
  while (!reader.done) {
    const entry = reader.enter(TAG.sequence, 'revoked certificate')
    const serial = readInteger(entry.expect(TAG.integer, 'serial'))
    const revokedAt = readTime(entry.any())
    const list = entry.optional(TAG.sequence)
    entry.finish('revoked certificate')
    const extensions = list === undefined ? undefined : readExtensions(list)
    for (const extension of extensions?.values() ?? []) {
      if (extension.critical && extension.oid !== EXTENSION.cRLReason) unknownCritical.add(extension.oid)
    }
    revoked.set(toHex(serial), { serial, revokedAt, reason: readReason(extensions) })
  }
  return revoked
}

function readReason(extensions: ReadonlyMap<string, Extension> | undefined): CrlReason {
  const extension = extensions?.get(EXTENSION.cRLReason)
  if (extension === undefined) return 'unspecified'
  const code = readSmallInteger(onlyElement(extension.value, TAG.enumerated, 'reason code'))
  const reason = CRL_REASONS[code]
  if (reason === undefined) throw malformed(`reason code ${code}`)
  return reason
}

function readCrlExtensions(extensions: ReadonlyMap<string, Extension>, unknownCritical: Set<string>) {
  let authorityKeyIdentifier: Uint8Array | undefined
  let number: string | undefined
  let scope = EVERYTHING
  for (const { oid, critical, value } of extensions.values()) {
    if (oid === EXTENSION.authorityKeyIdentifier) {
      const reader = new DerReader(onlyElement(value, TAG.sequence, 'authorityKeyIdentifier').content)
      authorityKeyIdentifier = reader.optional(contextPrimitive(0))?.content
    } else if (oid === EXTENSION.cRLNumber) {
      number = serialText(readInteger(onlyElement(value, TAG.integer, 'cRLNumber')))
    } else if (oid === EXTENSION.issuingDistributionPoint) {
      scope = readScope(value)
    } else if (critical) {
      unknownCritical.add(oid)
    }
  }
  return { authorityKeyIdentifier, number, scope }
}

function readScope(value: Uint8Array): CrlScope {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'issuingDistributionPoint').content)
  const point = reader.optional(contextConstructed(0))
  const flag = (number: number) => {
    const found = reader.optional(contextPrimitive(number))
    return found !== undefined && readBoolean(found)
  }
  const onlyUserCertificates = flag(1)
  const onlyCaCertificates = flag(2)
  const onlySomeReasons = reader.optional(contextPrimitive(3)) !== undefined
  const indirect = flag(4)
  const onlyAttributeCertificates = flag(5)
  reader.finish('issuingDistributionPoint')
  return {
    distributionPoint:
      point === undefined ? undefined : readDistributionPointName(point.content).encodedNames,
    onlyUserCertificates,
    onlyCaCertificates,
    onlyAttributeCertificates,
    onlySomeReasons,
    indirect,
  }
}

/** Verified once for each key: a list of many megabytes speaks about thousands of certificates. */
const VERIFIED = new WeakMap<Crl, { readonly key: KeyObject; readonly holds: boolean }>()

export function verifyCrlSignature(crl: Crl, key: KeyObject): boolean {
  const known = VERIFIED.get(crl)
  if (known?.key.equals(key)) return known.holds
  const holds = verifySignature(crl.signatureAlgorithm, key, crl.tbs, crl.signature)
  VERIFIED.set(crl, { key, holds })
  return holds
}
