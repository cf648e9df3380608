import type { Pkcs12Hash } from './pkcs12-kdf.ts'

/** RFC 7292, RFC 8018, RFC 5652. */
export const PKCS12 = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbeSha1TripleDes: '1.2.840.113549.1.12.1.3',
  pbeSha1Rc2: '1.2.840.113549.1.12.1.6',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
} as const

export const HASH_OID: Readonly<Record<Pkcs12Hash, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

/** The pseudo-random functions of PBKDF2 (RFC 8018 appendix B.1). */
export const HMAC_OID: Readonly<Record<Pkcs12Hash, string>> = {
  sha1: '1.2.840.113549.2.7',
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
}

export interface BlockCipher {
  readonly name: string
  readonly keyLength: number
  readonly ivLength: number
}

/** Ciphers of PBES2, by OID. */
export const CIPHERS: Readonly<Record<string, BlockCipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16, ivLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24, ivLength: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyLength: 32, ivLength: 16 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 },
}

export const AES_256_CBC = '2.16.840.1.101.3.4.1.42'

export function hashOf(table: Readonly<Record<Pkcs12Hash, string>>, oid: string): Pkcs12Hash | undefined {
  return (Object.keys(table) as Pkcs12Hash[]).find((name) => table[name] === oid) // the keys of the table
}
