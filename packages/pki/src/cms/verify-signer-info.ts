import { createHash, type KeyObject } from 'node:crypto'
import {
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  verifySignature,
} from '../algorithms/signature-algorithm.ts'
import { DerReader, type Element } from '../der/der-reader.ts'
import { readOid } from '../der/der-values.ts'
import { element, setOf } from '../der/der-writer.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { TAG } from '../der/tags.ts'
import { PkiError } from '../pki-error.ts'
import { type Digest, digestOf } from './cms-algorithms.ts'
import { CMS_ATTRIBUTE, CONTENT_TYPE, RSA_ENCRYPTION } from './cms-oids.ts'
import type { SignedData, SignerInfo } from './parse-signed-data.ts'

export type SignerFault = 'algorithm' | 'content' | 'attributes' | 'signature'

export type SignerVerdict =
  | { readonly ok: true; readonly digest: Digest }
  | { readonly ok: false; readonly fault: SignerFault; readonly detail: string }

export interface SignerRules {
  /** Signatures over SHA-1 count; MD5 never does. */
  readonly allowSha1?: boolean
}

/**
 * Whether the holder of `key` signed this content (RFC 5652 sections 5.4 and 5.6). Says nothing about trust in the key.
 * Answers everything a peer can send; never throws.
 *
 * @param content of a detached signature
 */
export function verifySignerInfo(
  data: SignedData,
  signer: SignerInfo,
  key: KeyObject | undefined,
  rules: SignerRules = {},
  content: Uint8Array = data.content ?? new Uint8Array(),
): SignerVerdict {
  try {
    return verified(data.contentType, content, signer, key, rules)
  } catch (error) {
    if (error instanceof PkiError) return fault('attributes', error.message)
    throw error
  }
}

function verified(
  contentType: string,
  content: Uint8Array,
  signer: SignerInfo,
  key: KeyObject | undefined,
  rules: SignerRules,
): SignerVerdict {
  const digest = digestOf(signer.digestAlgorithm)
  if (digest === undefined) return fault('algorithm', `digest ${signer.digestAlgorithm.oid} is not supported`)
  if (digest === 'md5' || (digest === 'sha1' && rules.allowSha1 !== true)) {
    return fault('algorithm', `digest ${digest.toUpperCase()} is broken and not allowed here`)
  }
  const algorithm = signatureAlgorithm(signer.signatureAlgorithm, digest)
  if (algorithm === undefined) return fault('algorithm', 'the signature algorithm does not fit the digest')
  if (key === undefined) return fault('algorithm', 'the key of the signer is not understood')

  const { signedAttributes, signedAttributeOctets } = signer
  if (signedAttributes === undefined || signedAttributeOctets === undefined) {
    // Section 5.3: signed attributes are mandatory unless the content is plain data. Without this rule the attributes of
    // one message could be passed off as the content of another.
    if (contentType !== CONTENT_TYPE.data) return fault('attributes', 'there are no signed attributes')
    return verifySignature(algorithm, key, content, signer.signature)
      ? { ok: true, digest }
      : fault('signature', 'the signature over the content is wrong')
  }
  const type = signedAttributes.single(CMS_ATTRIBUTE.contentType)
  if (type?.tag !== TAG.oid || readOid(type) !== contentType) {
    return fault('attributes', 'the signed content type is missing or another')
  }
  const signedDigest = signedAttributes.single(CMS_ATTRIBUTE.messageDigest)
  const wanted = createHash(digest).update(content).digest()
  if (signedDigest?.tag !== TAG.octetString || !equalOctets(signedDigest.content, wanted)) {
    return fault('content', 'the signed digest is missing or not that of the content')
  }
  const good = attributeForms(signedAttributeOctets).some((form) =>
    verifySignature(algorithm, key, form, signer.signature),
  )
  return good ? { ok: true, digest } : fault('signature', 'the signature over the attributes is wrong')
}

/** Section 5.4 signs the DER of the SET OF, sorted; some writers sign what they send, unsorted. It is the same set. */
function attributeForms(content: Uint8Array): Uint8Array[] {
  const sent = element(TAG.set, content)
  const reader = new DerReader(content)
  const members: Uint8Array[] = []
  while (!reader.done) members.push(reader.any().encoded)
  const sorted = setOf(...members)
  return equalOctets(sent, sorted) ? [sent] : [sorted, sent]
}

/** RFC 3370 section 3.2: `rsaEncryption` takes the digest beside it; all others name theirs, and it must be that one. */
function signatureAlgorithm(encoded: Element, digest: Digest): SignatureAlgorithm | undefined {
  const algorithm = readSignatureAlgorithm(encoded)
  if (algorithm.oid === RSA_ENCRYPTION) {
    return { ...algorithm, scheme: { name: `RSA with ${digest}`, keyType: 'rsa', hash: digest } }
  }
  const { scheme } = algorithm
  if (scheme === undefined) return undefined
  // RFC 8419: EdDSA hashes by itself; SHA-512 stands beside Ed25519.
  return scheme.hash === undefined || scheme.hash === digest ? algorithm : undefined
}

function fault(kind: SignerFault, detail: string): SignerVerdict {
  return { ok: false, fault: kind, detail }
}
