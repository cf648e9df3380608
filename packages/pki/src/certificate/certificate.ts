import { hash, type KeyObject } from 'node:crypto'
import { importPublicKey } from '../algorithms/public-key.ts'
import { readSignatureAlgorithm, type SignatureAlgorithm } from '../algorithms/signature-algorithm.ts'
import { DerReader, type Element, onlyElement } from '../der/der-reader.ts'
import { readInteger, readOctetAlignedBits, readSmallInteger, readTime } from '../der/der-values.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { type DistinguishedName, readName } from '../names/distinguished-name.ts'
import { malformed } from '../pki-error.ts'
import { type CertificateExtensions, decodeExtensions } from './certificate-extensions.ts'
import { type Extension, readExtensions } from './extension.ts'

/** A parsed X.509 certificate. Parsing says nothing about trust: see `validatePath`. */
export interface Certificate {
  readonly der: Uint8Array
  /** SHA-256 of `der`, lower-case hex. */
  readonly fingerprint: string
  readonly version: 1 | 2 | 3
  /** Content octets of the INTEGER (two's complement). */
  readonly serial: Uint8Array
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** Milliseconds since the epoch; both ends belong to the validity. */
  readonly notBefore: number
  readonly notAfter: number
  readonly spki: Uint8Array
  /** Absent where OpenSSL does not understand the key. */
  readonly publicKey: KeyObject | undefined
  readonly extensions: CertificateExtensions
  readonly rawExtensions: ReadonlyMap<string, Extension>
  readonly tbs: Uint8Array
  readonly signature: Uint8Array
}

/** More than any certificate in the field, less than what makes parsing expensive. */
const LARGEST = 65536

/** Parses DER (RFC 5280 section 4.1). Throws `PkiError` `malformed`, and nothing else. The octets are copied. */
export function parseCertificate(octets: Uint8Array): Certificate {
  if (octets.length > LARGEST) throw malformed(`certificate of ${octets.length} octets`)
  const der = Uint8Array.from(octets)
  const outer = new DerReader(onlyElement(der, TAG.sequence, 'Certificate').content)
  const tbs = outer.expect(TAG.sequence, 'TBSCertificate')
  const algorithm = outer.expect(TAG.sequence, 'signatureAlgorithm')
  const signature = readOctetAlignedBits(outer.expect(TAG.bitString, 'signature'))
  outer.finish('Certificate')
  const fields = readTbs(tbs)
  // RFC 5280 section 4.1.1.2: the algorithm outside the signature must be the signed one.
  if (!equalOctets(fields.innerAlgorithm.encoded, algorithm.encoded)) {
    throw malformed('signature algorithms inside and outside differ')
  }
  return {
    der,
    fingerprint: hash('sha256', der, 'hex'),
    version: fields.version,
    serial: fields.serial,
    signatureAlgorithm: readSignatureAlgorithm(algorithm),
    issuer: fields.issuer,
    subject: fields.subject,
    notBefore: fields.notBefore,
    notAfter: fields.notAfter,
    spki: fields.spki,
    publicKey: importPublicKey(fields.spki),
    extensions: decodeExtensions(fields.rawExtensions),
    rawExtensions: fields.rawExtensions,
    tbs: tbs.encoded,
    signature,
  }
}

function readTbs(tbs: Element) {
  const reader = new DerReader(tbs.content)
  const version = readVersion(reader)
  const serial = readInteger(reader.expect(TAG.integer, 'serialNumber'))
  const innerAlgorithm = reader.expect(TAG.sequence, 'signature')
  const issuer = readName(reader.expect(TAG.sequence, 'issuer'))
  const validity = reader.enter(TAG.sequence, 'validity')
  const notBefore = readTime(validity.any())
  const notAfter = readTime(validity.any())
  validity.finish('validity')
  const subject = readName(reader.expect(TAG.sequence, 'subject'))
  const spki = reader.expect(TAG.sequence, 'subjectPublicKeyInfo').encoded
  const issuerUniqueId = reader.optional(contextPrimitive(1))
  const subjectUniqueId = reader.optional(contextPrimitive(2))
  if (version === 1 && (issuerUniqueId ?? subjectUniqueId) !== undefined)
    throw malformed('unique id in version 1')
  const extensions = reader.optional(contextConstructed(3))
  if (extensions !== undefined && version !== 3) throw malformed(`extensions in version ${version}`)
  reader.finish('TBSCertificate')
  const rawExtensions =
    extensions === undefined
      ? new Map<string, Extension>()
      : readExtensions(onlyElement(extensions.content, TAG.sequence, 'extensions'))
  return { version, serial, innerAlgorithm, issuer, subject, notBefore, notAfter, spki, rawExtensions }
}

function readVersion(reader: DerReader): 1 | 2 | 3 {
  const explicit = reader.optional(contextConstructed(0))
  if (explicit === undefined) return 1
  const version = readSmallInteger(onlyElement(explicit.content, TAG.integer, 'version')) + 1
  if (version !== 2 && version !== 3) throw malformed(`certificate version ${version}`)
  return version
}

/** RFC 5280 section 3.2: issuer and subject are the same name. Says nothing about the key. */
export function isSelfIssued(certificate: Certificate): boolean {
  return certificate.issuer.key === certificate.subject.key
}
