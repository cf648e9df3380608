import { timingSafeEqual } from '@sallyport/bytes'
import { desDecrypt, desEncrypt } from './des.ts'
import { ntPasswordHash, utf16le } from './nt-hash.ts'
import { rc4 } from './rc4.ts'

const CLEAR = 512
const BLOCK = CLEAR + 4
const decoder = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true })

/** The two encrypted fields of a Change-Password packet (RFC 2759 section 7): 516 and 16 octets. */
export interface EncryptedPasswords {
  readonly encryptedPassword: Uint8Array
  readonly encryptedHash: Uint8Array
}

/**
 * What the peer sends: NewPasswordEncryptedWithOldNtPasswordHash (RFC 2759 section 8.9) and
 * OldNtPasswordHashEncryptedWithNewNtPasswordHash (section 8.12). `filler(n)` gives the octets before the password.
 * Throws RangeError on a password of more than 256 UTF-16 units.
 */
export function encryptPasswords(
  newPassword: string,
  oldNtHash: Uint8Array,
  filler: (length: number) => Uint8Array,
): EncryptedPasswords {
  const unicode = utf16le(newPassword)
  if (unicode.length > CLEAR) throw new RangeError('a password has at most 256 characters')
  const clear = new Uint8Array(BLOCK)
  clear.set(filler(CLEAR - unicode.length))
  clear.set(unicode, CLEAR - unicode.length)
  new DataView(clear.buffer).setUint32(CLEAR, unicode.length, true)
  const encryptedPassword = rc4(oldNtHash, clear)
  clear.fill(0)
  unicode.fill(0)
  return { encryptedPassword, encryptedHash: encryptNtHash(oldNtHash, ntPasswordHash(newPassword)) }
}

/**
 * The server's side: the new password, if both fields were made by someone who knows the old one; undefined otherwise.
 * Whether the new password is good enough is for the caller to say (E=709).
 */
export function decryptNewPassword(oldNtHash: Uint8Array, change: EncryptedPasswords): string | undefined {
  if (change.encryptedPassword.length !== BLOCK || change.encryptedHash.length !== 16) return undefined
  const clear = rc4(oldNtHash, change.encryptedPassword)
  const length = new DataView(clear.buffer).getUint32(CLEAR, true)
  // A wrong key makes this random: then nearly always too long.
  if (length > CLEAR) return undefined
  const password = decode(clear.subarray(CLEAR - length, CLEAR))
  clear.fill(0)
  if (password === undefined) return undefined
  const expected = encryptNtHash(oldNtHash, ntPasswordHash(password))
  return timingSafeEqual(expected, change.encryptedHash) ? password : undefined
}

function decode(unicode: Uint8Array): string | undefined {
  try {
    return decoder.decode(unicode)
  } catch {
    return undefined
  }
}

/** NtPasswordHashEncryptedWithBlock (RFC 2759 section 8.13): each half of the hash under seven octets of the block. */
export function encryptNtHash(ntHash: Uint8Array, block: Uint8Array): Uint8Array<ArrayBuffer> {
  const cypher = new Uint8Array(16)
  cypher.set(desEncrypt(ntHash.subarray(0, 8), block.subarray(0, 7)))
  cypher.set(desEncrypt(ntHash.subarray(8, 16), block.subarray(7, 14)), 8)
  return cypher
}

/** The inverse of encryptNtHash(). */
export function decryptNtHash(cypher: Uint8Array, block: Uint8Array): Uint8Array<ArrayBuffer> {
  const ntHash = new Uint8Array(16)
  ntHash.set(desDecrypt(cypher.subarray(0, 8), block.subarray(0, 7)))
  ntHash.set(desDecrypt(cypher.subarray(8, 16), block.subarray(7, 14)), 8)
  return ntHash
}
