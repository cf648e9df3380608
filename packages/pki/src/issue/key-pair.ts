import { generateKeyPairSync, type KeyObject } from 'node:crypto'

export type KeyAlgorithm = 'p256' | 'p384' | 'rsa2048' | 'rsa3072'

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** Generates a key pair; RSA blocks the thread for a tenth of a second or more. */
export function generateKeyPairFor(algorithm: KeyAlgorithm): KeyPair {
  switch (algorithm) {
    case 'p256':
      return generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    case 'p384':
      return generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
    case 'rsa2048':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'rsa3072':
      return generateKeyPairSync('rsa', { modulusLength: 3072 })
  }
}
