import { constants, type KeyObject, sign, verify } from 'node:crypto'
import { DerReader, type Element } from '../der/der-reader.ts'
import { expectOid, readSmallInteger } from '../der/der-values.ts'
import { nullValue, oid, sequence } from '../der/der-writer.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { PkiError } from '../pki-error.ts'
import { isSigner, type SigningKey } from './signer.ts'

/** AlgorithmIdentifier of a signature, understood or not. */
export interface SignatureAlgorithm {
  readonly oid: string
  /** Absent: nothing this house verifies. */
  readonly scheme: SignatureScheme | undefined
  readonly encoded: Uint8Array
}

export interface SignatureScheme {
  readonly name: string
  readonly keyType: 'rsa' | 'rsa-pss' | 'ec' | 'ed25519' | 'ed448'
  readonly hash: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | undefined
  readonly saltLength?: number
}

/** RFC 3279, RFC 4055, RFC 5758, RFC 8410. Collision-broken hashes are here so that they can be named when refused. */
const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.4': { name: 'md5WithRSAEncryption', keyType: 'rsa', hash: 'md5' },
  '1.2.840.113549.1.1.5': { name: 'sha1WithRSAEncryption', keyType: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { name: 'sha256WithRSAEncryption', keyType: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { name: 'sha384WithRSAEncryption', keyType: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { name: 'sha512WithRSAEncryption', keyType: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.1': { name: 'ecdsa-with-SHA1', keyType: 'ec', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { name: 'ecdsa-with-SHA256', keyType: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { name: 'ecdsa-with-SHA384', keyType: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { name: 'ecdsa-with-SHA512', keyType: 'ec', hash: 'sha512' },
  '1.3.101.112': { name: 'Ed25519', keyType: 'ed25519', hash: undefined },
  '1.3.101.113': { name: 'Ed448', keyType: 'ed448', hash: undefined },
}

const RSASSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'
const HASHES: Readonly<Record<string, 'sha1' | 'sha256' | 'sha384' | 'sha512'>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

export function readSignatureAlgorithm(element: Element): SignatureAlgorithm {
  const reader = new DerReader(element.content)
  const id = expectOid(reader, 'signature algorithm')
  const parameters = reader.done ? undefined : reader.any()
  reader.finish('AlgorithmIdentifier')
  const known = SCHEMES[id]
  const scheme = id === RSASSA_PSS ? readPss(parameters) : known
  return { oid: id, scheme, encoded: element.encoded }
}

/** RFC 4055 section 3.1. Only MGF1 with the same hash is understood, as everybody writes it. */
function readPss(parameters: Element | undefined): SignatureScheme | undefined {
  if (parameters?.tag !== TAG.sequence) return undefined
  const reader = new DerReader(parameters.content)
  const hash = readHash(reader.optional(contextConstructed(0))?.content)
  const mask = reader.optional(contextConstructed(1))
  const salt = reader.optional(contextConstructed(2))
  if (mask !== undefined) {
    const inner = new DerReader(mask.content).enter(TAG.sequence, 'mask generation')
    if (expectOid(inner, 'mask generation') !== MGF1 || readHash(inner.any().encoded) !== hash)
      return undefined
  } else if (hash !== 'sha1') return undefined
  const saltLength =
    salt === undefined ? 20 : readSmallInteger(new DerReader(salt.content).expect(TAG.integer, 'salt length'))
  if (hash === undefined || !reader.done || saltLength > 64) return undefined
  return { name: `RSASSA-PSS-${hash.toUpperCase()}`, keyType: 'rsa-pss', hash, saltLength }
}

function readHash(encoded: Uint8Array | undefined): 'sha1' | 'sha256' | 'sha384' | 'sha512' | undefined {
  if (encoded === undefined) return 'sha1'
  return HASHES[expectOid(new DerReader(encoded).enter(TAG.sequence, 'hash'), 'hash')]
}

/** Whether `signature` over `data` verifies under `key`; false also where key and algorithm do not belong together. */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { scheme } = algorithm
  if (scheme === undefined) return false
  const fits =
    key.asymmetricKeyType === scheme.keyType ||
    (key.asymmetricKeyType === 'rsa' && scheme.keyType === 'rsa-pss')
  if (!fits) return false
  try {
    if (scheme.saltLength === undefined) return verify(scheme.hash, data, key, signature)
    const padding = constants.RSA_PKCS1_PSS_PADDING
    return verify(scheme.hash, data, { key, padding, saltLength: scheme.saltLength }, signature)
  } catch {
    // OpenSSL throws on a key it cannot use at all: that is no valid signature either.
    return false
  }
}

const BY_CURVE: Readonly<Record<string, string>> = {
  prime256v1: '1.2.840.10045.4.3.2',
  secp384r1: '1.2.840.10045.4.3.3',
  secp521r1: '1.2.840.10045.4.3.4',
}

/** The algorithm this house signs with under a given private key. */
export function signatureAlgorithmFor(signingKey: SigningKey): SignatureAlgorithm {
  const key = isSigner(signingKey) ? signingKey.publicKey : signingKey
  const curve = key.asymmetricKeyDetails?.namedCurve
  const id =
    key.asymmetricKeyType === 'rsa'
      ? '1.2.840.113549.1.1.11'
      : key.asymmetricKeyType === 'ed25519'
        ? '1.3.101.112'
        : key.asymmetricKeyType === 'ec' && curve !== undefined
          ? BY_CURVE[curve]
          : undefined
  const scheme = id === undefined ? undefined : SCHEMES[id]
  if (id === undefined || scheme === undefined) {
    throw new PkiError('unsupported-algorithm', `cannot sign with a key of type ${key.asymmetricKeyType}`)
  }
  // RFC 4055 section 5 wants NULL parameters with PKCS #1 v1.5, the others want none.
  const encoded = scheme.keyType === 'rsa' ? sequence(oid(id), nullValue()) : sequence(oid(id))
  return { oid: id, scheme, encoded }
}

export function signOctets(algorithm: SignatureAlgorithm, key: SigningKey, data: Uint8Array): Uint8Array {
  const hash = algorithm.scheme?.hash
  return isSigner(key) ? key.sign(hash, data) : sign(hash, data, key)
}
