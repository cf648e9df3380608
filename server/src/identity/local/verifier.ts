import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import { hashNtPasswordHash, ntPasswordHash } from '@sallyport/mschap'
import type { PasswordStorage } from '../../config/schema.ts'
import { type Argon2idVerifier, hashArgon2id, parseArgon2id } from '../../kernel/argon2id.ts'
import { normalizedPassword } from './password.ts'

/** What a stored password is once it is unsealed, ready to check proofs against. */
export type Verifier =
  | { readonly storage: 'reversible'; readonly clear: Uint8Array; readonly nt: NtHashes }
  | { readonly storage: 'nt-hash'; readonly nt: NtHashes }
  | { readonly storage: 'argon2id'; readonly hash: Argon2idVerifier }

export interface NtHashes {
  /** RFC 2759 section 8.3, 16 octets. */
  readonly ntHash: Uint8Array
  /** RFC 2759 section 8.4, 16 octets. */
  readonly ntHashHash: Uint8Array
}

/** MD4 of nothing: an empty password in other clothes, which must never let anybody in. */
const NT_HASH_OF_NOTHING = '31d6cfe0d16ae931b73c59d7e0c089c0'

/** The text that is sealed: the password itself, its NT hash in hex, or a PHC string. */
export async function verifierText(password: string, storage: PasswordStorage): Promise<string> {
  const normalized = normalizedPassword(password)
  switch (storage) {
    case 'reversible':
      return normalized
    case 'nt-hash':
      return toHex(ntPasswordHash(normalized))
    case 'argon2id':
      return hashArgon2id(normalized)
  }
}

/** Reads what `verifierText` made; undefined where it is damaged or stands for an empty password. */
export function readVerifier(text: string, storage: PasswordStorage): Verifier | undefined {
  switch (storage) {
    case 'reversible':
      if (text.trim() === '') return undefined
      return { storage, clear: fromUtf8(text), nt: hashesOf(ntPasswordHash(text)) }
    case 'nt-hash':
      if (!/^[0-9a-f]{32}$/.test(text) || text === NT_HASH_OF_NOTHING) return undefined
      return { storage, nt: hashesOf(fromHex(text)) }
    case 'argon2id': {
      const hash = parseArgon2id(text)
      return hash && { storage, hash }
    }
  }
}

function hashesOf(ntHash: Uint8Array): NtHashes {
  return { ntHash, ntHashHash: hashNtPasswordHash(ntHash) }
}
