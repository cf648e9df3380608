import { fromUtf8 } from '@sallyport/bytes'
import { hashArgon2id, matchesArgon2id, parseArgon2id } from '../kernel/argon2id.ts'

/** Hashes an administrator's password, as PHC text. */
export function hashPassword(password: string): Promise<string> {
  return hashArgon2id(normalized(password))
}

/** Whether the password belongs to the hash. A hash that cannot be read, and an empty password, never match. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const verifier = parseArgon2id(hash)
  if (password === '' || verifier === undefined) return false
  return matchesArgon2id(fromUtf8(normalized(password)), verifier)
}

/** NFC: the same password typed on two keyboards may arrive composed or decomposed. */
function normalized(password: string): string {
  return password.normalize('NFC')
}
