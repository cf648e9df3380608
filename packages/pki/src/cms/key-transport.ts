import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'
import { DerReader, type Element } from '../der/der-reader.ts'
import { explicit, nullValue, oid, sequence } from '../der/der-writer.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { type Algorithm, DIGESTS, type Digest, digestOf, readAlgorithm } from './cms-algorithms.ts'
import { MGF1, RSA_ENCRYPTION, RSAES_OAEP } from './cms-oids.ts'

/** `pkcs1` is what SCEP means (RFC 8894 section 3.2.2); OAEP here is always with SHA-256 on writing. */
export type KeyTransport = 'pkcs1' | 'oaep'

export function encryptKey(key: KeyObject, contentKey: Uint8Array, transport: KeyTransport) {
  if (transport === 'pkcs1') {
    const encryptedKey = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, contentKey)
    return { algorithm: sequence(oid(RSA_ENCRYPTION), nullValue()), encryptedKey }
  }
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const encryptedKey = publicEncrypt({ key, padding, oaepHash: 'sha256' }, contentKey)
  const hash = sequence(oid(DIGESTS.sha256), nullValue())
  const parameters = sequence(explicit(0, hash), explicit(1, sequence(oid(MGF1), hash)))
  return { algorithm: sequence(oid(RSAES_OAEP), parameters), encryptedKey }
}

/** How the key travels, where this house knows the way; says nothing about the key itself. */
export function keyTransportOf(algorithm: Algorithm): { readonly oaepHash?: string } | undefined {
  if (algorithm.oid === RSA_ENCRYPTION) return {}
  if (algorithm.oid !== RSAES_OAEP) return undefined
  const hash = oaepHash(algorithm.parameters)
  return hash === undefined || hash === 'md5' ? undefined : { oaepHash: hash }
}

/**
 * The content key, or undefined where OpenSSL will not say anything: a wrong length, OAEP that does not fit. With PKCS #1
 * padding OpenSSL answers bad padding with octets that look as random as a key (implicit rejection, OpenSSL 3.2): what is
 * wrong shows only in the content, as it would with any wrong key. Callers make no difference between the two.
 */
export function decryptKey(
  key: KeyObject,
  encryptedKey: Uint8Array,
  { oaepHash }: { readonly oaepHash?: string },
): Uint8Array | undefined {
  try {
    return oaepHash === undefined
      ? privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encryptedKey)
      : privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, encryptedKey)
  } catch {
    return undefined
  }
}

/** RFC 4055 section 4.1. Only MGF1 with the same hash and the empty label, as everybody writes it. */
function oaepHash(parameters: Element | undefined): Digest | undefined {
  if (parameters?.tag !== TAG.sequence) return undefined
  const reader = new DerReader(parameters.content)
  const hash = innerAlgorithm(reader.optional(contextConstructed(0)))
  const mask = innerAlgorithm(reader.optional(contextConstructed(1)))
  if (!reader.done) return undefined
  const maskHash =
    mask === undefined
      ? 'sha1'
      : mask.oid === MGF1 && mask.parameters?.tag === TAG.sequence
        ? digestOf(readAlgorithm(mask.parameters, 'mask generation'))
        : undefined
  const found = hash === undefined ? 'sha1' : digestOf(hash)
  return found === maskHash ? found : undefined
}

function innerAlgorithm(wrapper: Element | undefined): Algorithm | undefined {
  if (wrapper === undefined) return undefined
  const reader = new DerReader(wrapper.content)
  const algorithm = readAlgorithm(reader.expect(TAG.sequence, 'OAEP parameter'), 'OAEP parameter')
  reader.finish('OAEP parameter')
  return algorithm
}
