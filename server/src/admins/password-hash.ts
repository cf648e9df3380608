import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { timingSafeEqual } from '@sallyport/bytes'

const derive = promisify(argon2)

/** OWASP's smallest recommended setting for argon2id: 19 MiB, two passes, one lane; about 30 ms here. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const TAG_OCTETS = 32
const SALT_OCTETS = 16

/** RFC 9106 has no text form; this is the PHC string that every argon2 tool reads. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Hashes a password: `$argon2id$v=19$m=...,t=...,p=...$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_OCTETS)
  const tag = await tagOf(password, salt, MEMORY_KIB, PASSES, LANES, TAG_OCTETS)
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Whether the password belongs to the hash. A hash that cannot be read, and an empty password, never match. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  if (password === '') return false
  const [, memory, passes, lanes, salt, tag] = PHC.exec(hash) ?? []
  if (memory === undefined || passes === undefined || lanes === undefined) return false
  if (salt === undefined || tag === undefined) return false
  const expected = Buffer.from(tag, 'base64')
  const computed = await tagOf(
    password,
    Buffer.from(salt, 'base64'),
    Number(memory),
    Number(passes),
    Number(lanes),
    expected.length,
  )
  return timingSafeEqual(computed, expected)
}

function tagOf(
  password: string,
  nonce: Uint8Array,
  memory: number,
  passes: number,
  parallelism: number,
  tagLength: number,
): Promise<Uint8Array> {
  // NFC: the same password typed on two keyboards may arrive composed or decomposed.
  const message = password.normalize('NFC')
  return derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength })
}

function unpadded(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64').replace(/=+$/, '')
}
