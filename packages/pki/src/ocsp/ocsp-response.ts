import { readSignatureAlgorithm, type SignatureAlgorithm } from '../algorithms/signature-algorithm.ts'
import { type Certificate, parseCertificate } from '../certificate/certificate.ts'
import { type Extension, readExtensions } from '../certificate/extension.ts'
import { CRL_REASONS, type CrlReason } from '../crl/crl-reason.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid, readOctetAlignedBits, readSmallInteger, readTime } from '../der/der-values.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { type DistinguishedName, readName } from '../names/distinguished-name.ts'
import { OCSP } from '../oids.ts'
import { malformed } from '../pki-error.ts'
import { type CertId, readCertId } from './cert-id.ts'

/** RFC 6960 section 4.2.1: what a responder says instead of an answer. 4 is not used. */
export const ERROR_STATUS = {
  1: 'malformed-request',
  2: 'internal-error',
  3: 'try-later',
  5: 'signature-required',
  6: 'unauthorized',
} as const

export type OcspErrorStatus = (typeof ERROR_STATUS)[keyof typeof ERROR_STATUS]

/** A parsed OCSPResponse. Parsing says nothing about trust: see `checkOcspResponse`. */
export type OcspResponse =
  | { readonly ok: false; readonly status: OcspErrorStatus }
  | { readonly ok: true; readonly basic: BasicOcspResponse }

export interface BasicOcspResponse {
  readonly responder:
    | { readonly by: 'name'; readonly name: DistinguishedName }
    /** SHA-1 of the responder's public key. */
    | { readonly by: 'key'; readonly hash: Uint8Array }
  readonly producedAt: number
  readonly answers: readonly OcspAnswer[]
  readonly nonce: Uint8Array | undefined
  readonly certificates: readonly Certificate[]
  /** Critical extensions that are not understood, of the response or of an answer. */
  readonly unknownCritical: readonly string[]
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly signature: Uint8Array
  readonly tbs: Uint8Array
}

export interface OcspAnswer {
  readonly id: CertId
  readonly status: OcspStatus
  readonly thisUpdate: number
  readonly nextUpdate: number | undefined
}

export type OcspStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly revokedAt: number; readonly reason: CrlReason }
  /** The responder does not know the certificate. */
  | { readonly kind: 'unknown' }

/** More than an answer about one certificate with the responder's certificate needs. */
const LARGEST = 65_536
const MOST_ANSWERS = 64
const MOST_CERTIFICATES = 8

/** Parses DER. Throws `PkiError` `malformed`, and nothing else. The octets are copied. */
export function parseOcspResponse(octets: Uint8Array): OcspResponse {
  if (octets.length > LARGEST) throw malformed(`OCSP response of ${octets.length} octets`)
  const der = Uint8Array.from(octets)
  const reader = new DerReader(onlyElement(der, TAG.sequence, 'OCSPResponse').content)
  const status = readSmallInteger(reader.expect(TAG.enumerated, 'responseStatus'))
  const bytes = reader.optional(contextConstructed(0))
  reader.finish('OCSPResponse')
  if (status !== 0) {
    const named = Object.entries(ERROR_STATUS).find(([code]) => Number(code) === status)
    if (named === undefined) throw malformed(`response status ${status}`)
    return { ok: false, status: named[1] }
  }
  if (bytes === undefined) throw malformed('successful OCSP response without an answer')
  const inner = new DerReader(onlyElement(bytes.content, TAG.sequence, 'ResponseBytes').content)
  const type = expectOid(inner, 'responseType')
  const response = inner.expect(TAG.octetString, 'response').content
  inner.finish('ResponseBytes')
  if (type !== OCSP.basic) throw malformed(`OCSP response of type ${type}`)
  return { ok: true, basic: readBasic(response) }
}

function readBasic(octets: Uint8Array): BasicOcspResponse {
  const reader = new DerReader(onlyElement(octets, TAG.sequence, 'BasicOCSPResponse').content)
  const tbs = reader.expect(TAG.sequence, 'tbsResponseData')
  const signatureAlgorithm = readSignatureAlgorithm(reader.expect(TAG.sequence, 'signatureAlgorithm'))
  const signature = readOctetAlignedBits(reader.expect(TAG.bitString, 'signature'))
  const certs = reader.optional(contextConstructed(0))
  reader.finish('BasicOCSPResponse')
  return {
    ...readData(tbs.content),
    certificates: certs === undefined ? [] : readCertificates(certs.content),
    signatureAlgorithm,
    signature,
    tbs: tbs.encoded,
  }
}

function readData(content: Uint8Array) {
  const reader = new DerReader(content)
  const version = reader.optional(contextConstructed(0))
  if (version !== undefined && readSmallInteger(onlyElement(version.content, TAG.integer, 'version')) !== 0)
    throw malformed('OCSP response version is not 1')
  const responder = readResponder(reader)
  const producedAt = readTime(reader.expect(TAG.generalizedTime, 'producedAt'))
  const list = reader.enter(TAG.sequence, 'responses')
  const extensions = readExplicitExtensions(reader.optional(contextConstructed(1))?.content)
  reader.finish('ResponseData')
  const unknownCritical = new Set<string>()
  const answers: OcspAnswer[] = []
  while (!list.done) {
    if (answers.length >= MOST_ANSWERS) throw malformed(`more than ${MOST_ANSWERS} answers`)
    answers.push(readAnswer(list, unknownCritical))
  }
  noteUnknown(extensions, unknownCritical)
  const nonce = extensions?.get(OCSP.nonce)
  return {
    responder,
    producedAt,
    answers,
    nonce: nonce === undefined ? undefined : onlyElement(nonce.value, TAG.octetString, 'nonce').content,
    unknownCritical: [...unknownCritical],
  }
}

function readResponder(reader: DerReader): BasicOcspResponse['responder'] {
  const byName = reader.optional(contextConstructed(1))
  if (byName !== undefined) {
    return { by: 'name', name: readName(onlyElement(byName.content, TAG.sequence, 'responderID')) }
  }
  const byKey = reader.expect(contextConstructed(2), 'responderID')
  return { by: 'key', hash: onlyElement(byKey.content, TAG.octetString, 'responderID').content }
}

function readAnswer(list: DerReader, unknownCritical: Set<string>): OcspAnswer {
  const reader = list.enter(TAG.sequence, 'SingleResponse')
  const id = readCertId(reader.expect(TAG.sequence, 'certID'))
  const status = readStatus(reader)
  const thisUpdate = readTime(reader.expect(TAG.generalizedTime, 'thisUpdate'))
  const next = reader.optional(contextConstructed(0))
  noteUnknown(readExplicitExtensions(reader.optional(contextConstructed(1))?.content), unknownCritical)
  reader.finish('SingleResponse')
  const nextUpdate =
    next === undefined ? undefined : readTime(onlyElement(next.content, TAG.generalizedTime, 'nextUpdate'))
  return { id, status, thisUpdate, nextUpdate }
}

function readStatus(reader: DerReader): OcspStatus {
  const good = reader.optional(contextPrimitive(0))
  const unknown = good ?? reader.optional(contextPrimitive(2))
  if (unknown !== undefined) {
    if (unknown.content.length > 0) throw malformed('certStatus is not empty')
    return { kind: unknown === good ? 'good' : 'unknown' }
  }
  const revoked = new DerReader(reader.expect(contextConstructed(1), 'certStatus').content)
  const revokedAt = readTime(revoked.expect(TAG.generalizedTime, 'revocationTime'))
  const code = revoked.optional(contextConstructed(0))
  revoked.finish('RevokedInfo')
  const reason =
    code === undefined
      ? 'unspecified'
      : CRL_REASONS[readSmallInteger(onlyElement(code.content, TAG.enumerated, 'revocationReason'))]
  if (reason === undefined) throw malformed('revocation reason')
  return { kind: 'revoked', revokedAt, reason }
}

function readCertificates(content: Uint8Array): Certificate[] {
  const reader = new DerReader(onlyElement(content, TAG.sequence, 'certs').content)
  const certificates: Certificate[] = []
  while (!reader.done) {
    if (certificates.length >= MOST_CERTIFICATES) throw malformed(`more than ${MOST_CERTIFICATES} certs`)
    certificates.push(parseCertificate(reader.any().encoded))
  }
  return certificates
}

function readExplicitExtensions(content: Uint8Array | undefined): Map<string, Extension> | undefined {
  return content === undefined
    ? undefined
    : readExtensions(onlyElement(content, TAG.sequence, 'OCSP extensions'))
}

function noteUnknown(extensions: ReadonlyMap<string, Extension> | undefined, into: Set<string>): void {
  for (const { oid, critical } of extensions?.values() ?? [])
    if (critical && oid !== OCSP.nonce) into.add(oid)
}
