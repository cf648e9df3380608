import { createPublicKey, type KeyObject } from 'node:crypto'

/**
 * A private key that is used and never seen: one in a token (PKCS #11). Synchronous, as `crypto.sign` is. It throws its
 * own errors; they leave this package as they are.
 */
export interface Signer {
  readonly publicKey: KeyObject
  /**
   * @param hash what the octets are hashed with before they are signed; undefined: the algorithm (Ed25519) does it
   * @returns the signature as X.509 carries it: PKCS #1 v1.5 for RSA, `ECDSA-Sig-Value` in DER (RFC 3279 section 2.2.3)
   */
  sign(hash: string | undefined, octets: Uint8Array): Uint8Array
}

/** Whatever signs: a key at hand, or one in a token. */
export type SigningKey = KeyObject | Signer

export function isSigner(key: SigningKey): key is Signer {
  return 'sign' in key
}

export function publicKeyOf(key: SigningKey): KeyObject {
  return isSigner(key) ? key.publicKey : createPublicKey(key)
}
