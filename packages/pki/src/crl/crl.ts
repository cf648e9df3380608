import type { KeyObject } from 'node:crypto'
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
import { RevokedCertificates } from './revoked-certificates.ts'

/** A parsed certificate revocation list (RFC 5280 section 5). Parsing says nothing about trust. */
export interface Crl {
  readonly der: Uint8Array
  readonly issuer: DistinguishedName
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly thisUpdate: number
  /** RFC 5280 section 5.1.2.5 makes it mandatory; without it a CRL never goes stale and is not used. */
  readonly nextUpdate: number | undefined
  readonly revoked: RevokedCertificates
  readonly authorityKeyIdentifier: Uint8Array | undefined
  /** Lower-case hex. */
  readonly number: string | undefined
  /** Of a delta CRL: number of the complete list it changes (section 5.2.4), lower-case hex. */
  readonly baseNumber: string | undefined
  readonly scope: CrlScope
  /** Critical extensions that are not understood, of the list or of an entry. */
  readonly unknownCritical: readonly string[]
  readonly tbs: Uint8Array
  readonly signature: Uint8Array
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
  const revoked = new RevokedCertificates(
    reader.optional(TAG.sequence)?.content ?? new Uint8Array(),
    issuer.key,
  )
  const unknownCritical = new Set(revoked.unknownCritical)
  const explicit = reader.optional(contextConstructed(0))
  reader.finish('TBSCertList')
  const extensions =
    explicit === undefined
      ? new Map<string, Extension>()
      : readExtensions(onlyElement(explicit.content, TAG.sequence, 'CRL extensions'))
  const known = readCrlExtensions(extensions, unknownCritical)
  // Section 5.3.3: an entry names an issuer on indirect lists alone.
  if (revoked.isIndirect && !known.scope.indirect) unknownCritical.add(EXTENSION.certificateIssuer)
  return {
    der,
    issuer,
    signatureAlgorithm: readSignatureAlgorithm(algorithm),
    thisUpdate,
    nextUpdate: next === undefined ? undefined : readTime(next),
    revoked,
    ...known,
    unknownCritical: [...unknownCritical],
    tbs: tbs.encoded,
    signature,
  }
}

function readCrlExtensions(extensions: ReadonlyMap<string, Extension>, unknownCritical: Set<string>) {
  let authorityKeyIdentifier: Uint8Array | undefined
  let number: string | undefined
  let baseNumber: string | undefined
  let scope = EVERYTHING
  for (const { oid, critical, value } of extensions.values()) {
    if (oid === EXTENSION.authorityKeyIdentifier) {
      const reader = new DerReader(onlyElement(value, TAG.sequence, 'authorityKeyIdentifier').content)
      authorityKeyIdentifier = reader.optional(contextPrimitive(0))?.content
    } else if (oid === EXTENSION.cRLNumber) {
      number = serialText(readInteger(onlyElement(value, TAG.integer, 'cRLNumber')))
    } else if (oid === EXTENSION.deltaCRLIndicator) {
      baseNumber = serialText(readInteger(onlyElement(value, TAG.integer, 'base CRL number')))
    } else if (oid === EXTENSION.issuingDistributionPoint) {
      scope = readScope(value)
    } else if (critical) {
      unknownCritical.add(oid)
    }
  }
  return { authorityKeyIdentifier, number, baseNumber, scope }
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
