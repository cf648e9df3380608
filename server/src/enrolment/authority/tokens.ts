import type { KeyObject } from 'node:crypto'
import type { Signer } from '@sallyport/pki'
import { ConfigError, UpstreamError } from '../../kernel/errors.ts'

const NO_MODULE = 'The server was started without a PKCS #11 module. Start it with --pkcs11-module FILE.'

/** A key in a token (PKCS #11). Holds a secret. */
export interface TokenKey {
  /** Label of the token. */
  readonly token: string
  /** CKA_ID, lower-case hex. */
  readonly id: string
  readonly pin: string
}

export type TokenKeyAlgorithm = 'p256' | 'rsa3072'

/** What this machine can do with tokens. */
export interface Tokens {
  /** Makes a key that never leaves the token. @throws ConfigError, UpstreamError 'ca-key-unavailable' */
  generate(key: TokenKey, algorithm: TokenKeyAlgorithm): KeyObject
  /** Signs when it is asked to, not before. Its `sign` throws UpstreamError 'ca-key-unavailable' */
  signer(key: TokenKey, publicKey: KeyObject): Signer
}

/** Where `serve` was not told a PKCS #11 module. */
export const NO_TOKENS: Tokens = {
  generate: () => {
    throw new ConfigError('pkcs11-module-missing', NO_MODULE)
  },
  signer: ({ token }, publicKey) => ({
    publicKey,
    sign: () => {
      throw new UpstreamError('ca-key-unavailable', NO_MODULE, { token, why: NO_MODULE })
    },
  }),
}
