import { createHash } from 'node:crypto'
import {
  type SignatureAlgorithm,
  signatureAlgorithmFor,
  signOctets,
} from '../algorithms/signature-algorithm.ts'
import type { SigningKey } from '../algorithms/signer.ts'
import type { Certificate } from '../certificate/certificate.ts'
import {
  element,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
} from '../der/der-writer.ts'
import { contextConstructed, contextPrimitive } from '../der/tags.ts'
import { invalidRequest } from '../pki-error.ts'
import { encodeIssuerAndSerial } from './certificate-identifier.ts'
import { type Digest, encodeDigest } from './cms-algorithms.ts'
import { type CmsAttribute, cmsAttribute, encodeAttribute } from './cms-attributes.ts'
import { CMS_ATTRIBUTE, CONTENT_TYPE, RSA_ENCRYPTION } from './cms-oids.ts'
import { encodeContentInfo } from './content-info.ts'

export interface CmsSigner {
  readonly certificate: Certificate
  readonly privateKey: SigningKey
  /** Of RSA keys, SHA-256 by default; other keys have one that belongs to them. */
  readonly digest?: Exclude<Digest, 'md5'>
  /** Beside content type and message digest. */
  readonly signedAttributes?: readonly CmsAttribute[]
  readonly unsignedAttributes?: readonly CmsAttribute[]
  readonly identifiedBy?: 'issuer-serial' | 'key-id'
}

export interface SignedDataRequest {
  /** Absent: the message consists of attributes alone (a SCEP failure, say). */
  readonly content?: Uint8Array
  /** `CONTENT_TYPE.data` by default. */
  readonly contentType?: string
  readonly signers: readonly CmsSigner[]
  /** Sent along, in this order. */
  readonly certificates?: readonly Certificate[]
  /** DER. */
  readonly crls?: readonly Uint8Array[]
}

/** A SignedData (RFC 5652 section 5) in a ContentInfo. */
export function createSignedData(request: SignedDataRequest): Uint8Array {
  const { content, contentType = CONTENT_TYPE.data, signers, certificates = [], crls = [] } = request
  const infos = signers.map((signer) => signerInfo(signer, contentType, content ?? new Uint8Array()))
  const plain = contentType === CONTENT_TYPE.data && infos.every(({ version }) => version === 1)
  const encapsulated = sequence(
    oid(contentType),
    ...(content === undefined ? [] : [explicit(0, octetString(content))]),
  )
  const signedData = sequence(
    // Section 5.1: 3 where the content is not plain data or a signer is named by its key.
    integer(plain ? 1 : 3),
    setOf(...unique(infos.map(({ digest }) => encodeDigest(digest)))),
    encapsulated,
    // Not sorted as a SET OF would be in DER: readers take the first certificate for the one they asked for.
    ...(certificates.length === 0
      ? []
      : [element(contextConstructed(0), ...certificates.map(({ der }) => der))]),
    ...(crls.length === 0 ? [] : [element(contextConstructed(1), ...crls)]),
    setOf(...infos.map(({ encoded }) => encoded)),
  )
  return encodeContentInfo(CONTENT_TYPE.signedData, signedData)
}

/** A degenerate SignedData that carries certificates and CRLs alone: EST, SCEP and `.p7b` files. The leaf goes first. */
export function createCertsOnly(
  certificates: readonly Certificate[],
  crls: readonly Uint8Array[] = [],
): Uint8Array {
  return createSignedData({ signers: [], certificates, crls })
}

function signerInfo(signer: CmsSigner, contentType: string, content: Uint8Array) {
  const { algorithm, digest } = algorithms(signer)
  const attributes = setOf(
    encodeAttribute(cmsAttribute(CMS_ATTRIBUTE.contentType, oid(contentType))),
    encodeAttribute(
      cmsAttribute(CMS_ATTRIBUTE.messageDigest, octetString(createHash(digest).update(content).digest())),
    ),
    ...(signer.signedAttributes ?? []).map(encodeAttribute),
  )
  const unsigned = (signer.unsignedAttributes ?? []).map(encodeAttribute)
  const version = signer.identifiedBy === 'key-id' ? 3 : 1
  const encoded = sequence(
    integer(version),
    version === 3 ? keyIdentifierOf(signer.certificate) : encodeIssuerAndSerial(signer.certificate),
    encodeDigest(digest),
    // Section 5.4: signed with the tag of a SET OF, sent with an implicit one.
    retagged(attributes, contextConstructed(0)),
    algorithm.encoded,
    octetString(signOctets(algorithm, signer.privateKey, attributes)),
    ...(unsigned.length === 0 ? [] : [retagged(setOf(...unsigned), contextConstructed(1))]),
  )
  return { version, digest, encoded }
}

function algorithms({ privateKey, digest: wanted }: CmsSigner): {
  readonly algorithm: SignatureAlgorithm
  readonly digest: Digest
} {
  const usual = signatureAlgorithmFor(privateKey)
  if (usual.scheme?.keyType === 'rsa') {
    const digest = wanted ?? 'sha256'
    // RFC 3370 section 3.2: the form that every reader of PKCS #7 knows, whatever the digest.
    const encoded = sequence(oid(RSA_ENCRYPTION), nullValue())
    const scheme = { name: `RSA with ${digest}`, keyType: 'rsa', hash: digest } as const
    return { algorithm: { oid: RSA_ENCRYPTION, scheme, encoded }, digest }
  }
  // RFC 8419 section 2.3: SHA-512 with Ed25519.
  const digest = usual.scheme?.hash ?? 'sha512'
  if (wanted !== undefined && wanted !== digest) {
    throw invalidRequest(`a key of type ${usual.scheme?.keyType} signs over ${digest}, not ${wanted}`)
  }
  return { algorithm: usual, digest }
}

function keyIdentifierOf(certificate: Certificate): Uint8Array {
  const { subjectKeyIdentifier } = certificate.extensions
  if (subjectKeyIdentifier === undefined) throw invalidRequest('the signer has no subject key identifier')
  return element(contextPrimitive(0), subjectKeyIdentifier)
}

function retagged(encoded: Uint8Array, tag: number): Uint8Array {
  const copy = Uint8Array.from(encoded)
  copy[0] = tag
  return copy
}

function unique(encodings: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(encodings.map((encoded) => [encoded.toHex(), encoded])).values()]
}
