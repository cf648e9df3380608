import type { KeyObject } from 'node:crypto'
import { exportSpki, importPublicKey } from '../algorithms/public-key.ts'
import {
  readSignatureAlgorithm,
  signatureAlgorithmFor,
  signOctets,
  verifySignature,
} from '../algorithms/signature-algorithm.ts'
import type { SigningKey } from '../algorithms/signer.ts'
import { type CertificateExtensions, decodeExtensions } from '../certificate/certificate-extensions.ts'
import { type Extension, encodeExtensions, readExtensions } from '../certificate/extension.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid, readOctetAlignedBits, readSmallInteger } from '../der/der-values.ts'
import { bitString, element, integer, oid, sequence, setOf } from '../der/der-writer.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { type DistinguishedName, readName } from '../names/distinguished-name.ts'
import { ATTRIBUTE, EXTENSION_REQUEST } from '../oids.ts'
import { malformed } from '../pki-error.ts'

/** A PKCS #10 request (RFC 2986). What it asks for is a wish: a template decides what is issued. */
export interface CertificationRequest {
  readonly subject: DistinguishedName
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array
  readonly publicKey: KeyObject | undefined
  readonly extensions: CertificateExtensions
  readonly rawExtensions: ReadonlyMap<string, Extension>
  /** By type: the content of each attribute's SET of values, in the order of the request. */
  readonly attributes: ReadonlyMap<string, readonly Uint8Array[]>
  /** The request is signed by the key it names: whoever made it holds the private key. */
  readonly proofOfPossession: boolean
}

/** More than any request in the field, attestations of keys included. */
const LARGEST = 65536

/** Parses DER. Throws `PkiError` `malformed`, and nothing else. */
export function parseCertificationRequest(octets: Uint8Array): CertificationRequest {
  if (octets.length > LARGEST) throw malformed(`certification request of ${octets.length} octets`)
  const outer = new DerReader(onlyElement(octets, TAG.sequence, 'CertificationRequest').content)
  const info = outer.expect(TAG.sequence, 'CertificationRequestInfo')
  const algorithm = readSignatureAlgorithm(outer.expect(TAG.sequence, 'signatureAlgorithm'))
  const signature = readOctetAlignedBits(outer.expect(TAG.bitString, 'signature'))
  outer.finish('CertificationRequest')

  const reader = new DerReader(info.content)
  if (readSmallInteger(reader.expect(TAG.integer, 'version')) !== 0)
    throw malformed('request version is not 1')
  const subject = readName(reader.expect(TAG.sequence, 'subject'))
  const spki = reader.expect(TAG.sequence, 'subjectPKInfo').encoded
  const publicKey = importPublicKey(spki)
  // RFC 2986 makes the (possibly empty) attributes mandatory; some clients leave them out.
  const attributes = readAttributes(reader.optional(contextConstructed(0))?.content ?? new Uint8Array())
  reader.finish('CertificationRequestInfo')
  const rawExtensions = readExtensionRequest(attributes) ?? new Map<string, Extension>()
  return {
    subject,
    spki,
    publicKey,
    extensions: decodeExtensions(rawExtensions),
    rawExtensions,
    attributes,
    proofOfPossession:
      publicKey !== undefined &&
      algorithm.scheme?.hash !== 'md5' &&
      verifySignature(algorithm, publicKey, info.encoded, signature),
  }
}

/**
 * An attribute has its type once (X.501 section 8.2), or which of two counts would be a matter of order. Microsoft's
 * name-value pairs alone may stand one by one.
 */
function readAttributes(content: Uint8Array): Map<string, Uint8Array[]> {
  const reader = new DerReader(content)
  const found = new Map<string, Uint8Array[]>()
  while (!reader.done) {
    const attribute = reader.enter(TAG.sequence, 'Attribute')
    const type = expectOid(attribute, 'attribute type')
    const values = attribute.expect(TAG.set, 'attribute values').content
    attribute.finish('Attribute')
    const before = found.get(type)
    if (before === undefined) found.set(type, [values])
    else if (type === ATTRIBUTE.enrolmentNameValuePair) before.push(values)
    else throw malformed(`attribute ${type} appears twice`)
  }
  return found
}

/** The extension request attribute; where both of its forms are present they must agree. */
function readExtensionRequest(
  attributes: ReadonlyMap<string, readonly Uint8Array[]>,
): Map<string, Extension> | undefined {
  const [found, other] = EXTENSION_REQUEST.flatMap((type) => attributes.get(type) ?? [])
  if (found === undefined) return undefined
  if (other !== undefined && !equalOctets(found, other)) throw malformed('two differing extension requests')
  return readExtensions(onlyElement(found, TAG.sequence, 'extension request'))
}

/** Writes and signs a request: what `sallyport test` and the tests send. */
export function createCertificationRequest(request: {
  readonly subject: DistinguishedName
  readonly publicKey: KeyObject
  readonly privateKey: SigningKey
  readonly extensions?: readonly Extension[]
  /** Attributes beside the extension request; `values`: each in DER. */
  readonly attributes?: readonly { readonly type: string; readonly values: readonly Uint8Array[] }[]
}): Uint8Array {
  const { extensions = [], attributes: others = [] } = request
  const algorithm = signatureAlgorithmFor(request.privateKey)
  const wish =
    extensions.length === 0 ? [] : [sequence(oid(EXTENSION_REQUEST[0]), setOf(encodeExtensions(extensions)))]
  const attributes = [...wish, ...others.map(({ type, values }) => sequence(oid(type), setOf(...values)))]
  const info = sequence(
    integer(0),
    request.subject.encoded,
    exportSpki(request.publicKey),
    element(contextConstructed(0), ...attributes),
  )
  return sequence(info, algorithm.encoded, bitString(signOctets(algorithm, request.privateKey, info)))
}
