import { concat } from '@sallyport/bytes'
import { DerReader, type Element } from '../der/der-reader.ts'
import { expectOid } from '../der/der-values.ts'
import { nullValue, oid, sequence } from '../der/der-writer.ts'

/** AlgorithmIdentifier, understood or not. */
export interface Algorithm {
  readonly oid: string
  readonly parameters: Element | undefined
}

export function readAlgorithm(element: Element, what: string): Algorithm {
  const reader = new DerReader(element.content)
  const id = expectOid(reader, what)
  const parameters = reader.done ? undefined : reader.any()
  reader.finish(what)
  return { oid: id, parameters }
}

/** MD5 is known so that it can be named when it is refused. */
export const DIGESTS = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const
export type Digest = keyof typeof DIGESTS

export function digestOf(algorithm: Algorithm): Digest | undefined {
  return (Object.keys(DIGESTS) as Digest[]).find((name) => DIGESTS[name] === algorithm.oid)
}

/** RFC 5754 section 2: SHA-2 without parameters is what new writers write, and NULL what every old reader reads. */
export function encodeDigest(digest: Digest): Uint8Array {
  return sequence(oid(DIGESTS[digest]), nullValue())
}

/** RFC 3565, RFC 3370. Node's names, since they are OpenSSL's. */
export const CIPHERS = {
  'aes-128-cbc': { oid: '2.16.840.1.101.3.4.1.2', keyOctets: 16, blockOctets: 16 },
  'aes-192-cbc': { oid: '2.16.840.1.101.3.4.1.22', keyOctets: 24, blockOctets: 16 },
  'aes-256-cbc': { oid: '2.16.840.1.101.3.4.1.42', keyOctets: 32, blockOctets: 16 },
  'des-ede3-cbc': { oid: '1.2.840.113549.3.7', keyOctets: 24, blockOctets: 8 },
  /** Broken in a day by whoever cares. It is here because Go's pkcs7, and so micromdm's SCEP client, writes it. */
  'des-cbc': { oid: '1.3.14.3.2.7', keyOctets: 8, blockOctets: 8 },
} as const
export type Cipher = keyof typeof CIPHERS

/** OpenSSL 3 has no single DES any more; three times with the same key is the same (FIPS 46-3). */
export function cipherParameters(cipher: Cipher, key: Uint8Array) {
  return cipher === 'des-cbc'
    ? ({ algorithm: 'des-ede3-cbc', key: concat(key, key, key) } as const)
    : ({ algorithm: cipher, key } as const)
}

export function cipherOf(algorithm: Algorithm): Cipher | undefined {
  return (Object.keys(CIPHERS) as Cipher[]).find((name) => CIPHERS[name].oid === algorithm.oid)
}
