import { type Certificate, parseCertificate } from '../certificate/certificate.ts'
import { DerReader, type Element } from '../der/der-reader.ts'
import { expectOid, readSmallInteger } from '../der/der-values.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'
import {
  type CertificateIdentifier,
  identifies,
  readCertificateIdentifier,
} from './certificate-identifier.ts'
import { type Algorithm, readAlgorithm } from './cms-algorithms.ts'
import { CmsAttributes } from './cms-attributes.ts'
import { CONTENT_TYPE } from './cms-oids.ts'
import { openContentInfo } from './content-info.ts'

/** A parsed SignedData (RFC 5652 section 5). Parsing says nothing about its signatures: see `verifySignerInfo`. */
export interface SignedData {
  readonly contentType: string
  /** Absent: detached, or there is none. */
  readonly content: Uint8Array | undefined
  /** In the order of the message; attribute certificates and the like are left out. */
  readonly certificates: readonly Certificate[]
  /** DER. */
  readonly crls: readonly Uint8Array[]
  readonly signers: readonly SignerInfo[]
}

export interface SignerInfo {
  readonly identifier: CertificateIdentifier
  readonly digestAlgorithm: Algorithm
  readonly signatureAlgorithm: Element
  readonly signature: Uint8Array
  readonly signedAttributes: CmsAttributes | undefined
  /** Content octets of the signed attributes in the order they came in. */
  readonly signedAttributeOctets: Uint8Array | undefined
  readonly unsignedAttributes: CmsAttributes
}

const MOST_CERTIFICATES = 64
const MOST_CRLS = 64
const MOST_SIGNERS = 16

/** Parses BER or DER. Throws `PkiError` `malformed`, and nothing else. */
export function parseSignedData(octets: Uint8Array): SignedData {
  const reader = openContentInfo(octets, CONTENT_TYPE.signedData, 'SignedData')
  readSmallInteger(reader.expect(TAG.integer, 'version of SignedData'))
  reader.expect(TAG.set, 'digest algorithms')
  const { contentType, content } = readEncapsulated(reader.enter(TAG.sequence, 'encapsulated content'))
  const certificates = reader.optional(contextConstructed(0))
  const crls = reader.optional(contextConstructed(1))
  const signers = reader.enter(TAG.set, 'signers')
  reader.finish('SignedData')
  return {
    contentType,
    content,
    certificates: members(certificates?.content, MOST_CERTIFICATES, 'certificates')
      .filter(({ tag }) => tag === TAG.sequence)
      .map(({ encoded }) => parseCertificate(encoded)),
    crls: members(crls?.content, MOST_CRLS, 'CRLs')
      .filter(({ tag }) => tag === TAG.sequence)
      .map(({ encoded }) => encoded),
    signers: readSigners(signers),
  }
}

/** The certificate of a signer among those of the message. */
export function signerCertificate(data: SignedData, signer: SignerInfo): Certificate | undefined {
  return data.certificates.find((certificate) => identifies(signer.identifier, certificate))
}

function readEncapsulated(reader: DerReader) {
  const contentType = expectOid(reader, 'content type')
  const wrapper = reader.optional(contextConstructed(0))
  reader.finish('encapsulated content')
  if (wrapper === undefined) return { contentType, content: undefined }
  const inner = new DerReader(wrapper.content)
  const value = inner.any()
  inner.finish('encapsulated content')
  // RFC 5652 section 5.2.1: PKCS #7 had any type here, and its digest covers the content without tag and length.
  return { contentType, content: value.content }
}

function readSigners(reader: DerReader): SignerInfo[] {
  const signers: SignerInfo[] = []
  while (!reader.done) {
    if (signers.length === MOST_SIGNERS) throw malformed(`more than ${MOST_SIGNERS} signers`)
    signers.push(readSigner(reader.enter(TAG.sequence, 'SignerInfo')))
  }
  return signers
}

function readSigner(reader: DerReader): SignerInfo {
  readSmallInteger(reader.expect(TAG.integer, 'version of SignerInfo'))
  const identifier = readCertificateIdentifier(reader, 'signer identifier')
  const digestAlgorithm = readAlgorithm(reader.expect(TAG.sequence, 'digest algorithm'), 'digest algorithm')
  const signed = reader.optional(contextConstructed(0))
  const signatureAlgorithm = reader.expect(TAG.sequence, 'signature algorithm')
  readAlgorithm(signatureAlgorithm, 'signature algorithm')
  const signature = reader.expect(TAG.octetString, 'signature').content
  const unsigned = reader.optional(contextConstructed(1))
  reader.finish('SignerInfo')
  return {
    identifier,
    digestAlgorithm,
    signatureAlgorithm,
    signature,
    signedAttributes: signed === undefined ? undefined : CmsAttributes.read(signed.content),
    signedAttributeOctets: signed?.content,
    unsignedAttributes: CmsAttributes.read(unsigned?.content ?? new Uint8Array()),
  }
}

function members(content: Uint8Array | undefined, most: number, what: string): Element[] {
  const reader = new DerReader(content ?? new Uint8Array())
  const found: Element[] = []
  while (!reader.done) {
    if (found.length === most) throw malformed(`more than ${most} ${what}`)
    found.push(reader.any())
  }
  return found
}
