import type { KeyObject } from 'node:crypto'
import { exportSpki, importPublicKey } from '../algorithms/public-key.ts'
import {
  readSignatureAlgorithm,
  signatureAlgorithmFor,
  signOctets,
  verifySignature,
} from '../algorithms/signature-algorithm.ts'
import { type CertificateExtensions, decodeExtensions } from '../certificate/certificate-extensions.ts'
import { type Extension, encodeExtensions, readExtensions } from '../certificate/extension.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid, readOctetAlignedBits, readSmallInteger } from '../der/der-values.ts'
import { bitString, element, integer, oid, sequence, setOf } from '../der/der-writer.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { type DistinguishedName, readName } from '../names/distinguished-name.ts'
import { EXTENSION_REQUEST } from '../oids.ts'
import { malformed } from '../pki-error.ts'

/** A PKCS #10 request (RFC 2986). What it asks for is a wish: a template decides what is issued. */
export interface CertificationRequest {
  readonly subject: DistinguishedName
  readonly publicKey: KeyObject | undefined
  readonly extensions: CertificateExtensions
  /** The request is signed by the key it names: whoever made it holds the private key. */
  readonly proofOfPossession: boolean
}

/** Parses DER. Throws `PkiError` `malformed`, and nothing else. */
export function parseCertificationRequest(octets: Uint8Array): CertificationRequest {
  const outer = new DerReader(onlyElement(octets, TAG.sequence, 'CertificationRequest').content)
  const info = outer.expect(TAG.sequence, 'CertificationRequestInfo')
  const algorithm = readSignatureAlgorithm(outer.expect(TAG.sequence, 'signatureAlgorithm'))
  const signature = readOctetAlignedBits(outer.expect(TAG.bitString, 'signature'))
  outer.finish('CertificationRequest')

  const reader = new DerReader(info.content)
  if (readSmallInteger(reader.expect(TAG.integer, 'version')) !== 0)
    throw malformed('request version is not 1')
  const subject = readName(reader.expect(TAG.sequence, 'subject'))
  const publicKey = importPublicKey(reader.expect(TAG.sequence, 'subjectPKInfo').encoded)
  // RFC 2986 makes the (possibly empty) attributes mandatory; some clients leave them out.
  const attributes = reader.optional(contextConstructed(0))
  reader.finish('CertificationRequestInfo')
  const wished = attributes === undefined ? undefined : readExtensionRequest(attributes.content)
  return {
    subject,
    publicKey,
    extensions: decodeExtensions(wished ?? new Map()),
    proofOfPossession:
      publicKey !== undefined &&
      algorithm.scheme?.hash !== 'md5' &&
      verifySignature(algorithm, publicKey, info.encoded, signature),
  }
}

/** The extension request attribute; where both of its forms are present they must agree. */
function readExtensionRequest(content: Uint8Array): Map<string, Extension> | undefined {
  const ids: readonly string[] = EXTENSION_REQUEST
  const reader = new DerReader(content)
  let found: Uint8Array | undefined
  while (!reader.done) {
    const attribute = reader.enter(TAG.sequence, 'Attribute')
    const type = expectOid(attribute, 'attribute type')
    const values = attribute.expect(TAG.set, 'attribute values').content
    attribute.finish('Attribute')
    if (!ids.includes(type)) continue
    if (found !== undefined && !equalOctets(found, values))
      throw malformed('two differing extension requests')
    found = values
  }
  return found === undefined
    ? undefined
    : readExtensions(onlyElement(found, TAG.sequence, 'extension request'))
}

/** Writes and signs a request: what `sallyport test` and the tests send. */
export function createCertificationRequest(request: {
  readonly subject: DistinguishedName
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
  readonly extensions?: readonly Extension[]
}): Uint8Array {
  const { extensions = [] } = request
  const algorithm = signatureAlgorithmFor(request.privateKey)
  const attributes =
    extensions.length === 0 ? [] : [sequence(oid(EXTENSION_REQUEST[0]), setOf(encodeExtensions(extensions)))]
  const info = sequence(
    integer(0),
    request.subject.encoded,
    exportSpki(request.publicKey),
    element(contextConstructed(0), ...attributes),
  )
  return sequence(info, algorithm.encoded, bitString(signOctets(algorithm, request.privateKey, info)))
}
