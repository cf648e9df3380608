import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { fromUtf8, timingSafeEqual } from '@sallyport/bytes'

const derive = promisify(argon2)

/** Cost of one hash; docs/adr says why these. */
export interface Argon2idCost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP's smallest recommended setting. */
export const ARGON2ID_COST: Argon2idCost = { memoryKib: 19_456, passes: 2, lanes: 1 }

/** More than anybody needs: a stored verifier is data, and must not be able to ask for all memory. */
const MOST: Argon2idCost = { memoryKib: 1_048_576, passes: 64, lanes: 16 }
const SALT_OCTETS = 16
const TAG_OCTETS = 32

/** RFC 9106 gives no text form; this is the PHC string that the other argon2 programs read and write. */
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

export interface Argon2idVerifier {
  readonly cost: Argon2idCost
  readonly salt: Uint8Array
  readonly tag: Uint8Array
}

/** Reads a PHC string; undefined where it is none, or asks for an absurd cost. */
export function parseArgon2id(text: string): Argon2idVerifier | undefined {
  const [, memory, passes, lanes, salt, tag] = PHC.exec(text) ?? []
  if (salt === undefined || tag === undefined) return undefined
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  if (cost.passes < 1 || cost.lanes < 1 || cost.memoryKib < 8 * cost.lanes) return undefined
  if (cost.memoryKib > MOST.memoryKib || cost.passes > MOST.passes || cost.lanes > MOST.lanes) {
    return undefined
  }
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}

/** Hashes a password (NFC text) with a fresh salt: `$argon2id$v=19$m=...,t=...,p=...$salt$tag`. */
export async function hashArgon2id(password: string, cost: Argon2idCost = ARGON2ID_COST): Promise<string> {
  const salt = randomBytes(SALT_OCTETS)
  const tag = await tagOf(fromUtf8(password), salt, cost, TAG_OCTETS)
  const { memoryKib, passes, lanes } = cost
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`
}

export async function matchesArgon2id(password: Uint8Array, verifier: Argon2idVerifier): Promise<boolean> {
  const tag = await tagOf(password, verifier.salt, verifier.cost, verifier.tag.length)
  return timingSafeEqual(tag, verifier.tag)
}

function tagOf(
  message: Uint8Array,
  nonce: Uint8Array,
  cost: Argon2idCost,
  tagLength: number,
): Promise<Uint8Array> {
  const { memoryKib: memory, passes, lanes: parallelism } = cost
  return derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength })
}

function unpadded(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64').replace(/=+$/, '')
}
