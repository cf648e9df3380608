import { createHash, randomBytes } from 'node:crypto'
import { fromHex, timingSafeEqual } from '@sallyport/bytes'

/**
 * A bearer token: `sp_` + 12 characters that name it (shown in lists, kept in clear) + `_` + 256 random bits
 * (shown once, kept as SHA-256; a fast hash is enough for a secret nobody can guess).
 */
export interface NewToken {
  readonly id: string
  /** The whole token: goes to its owner once and is not kept. */
  readonly token: string
  readonly hash: string
}

const SHAPE = /^(sp_[0-9a-f]{12})_[A-Za-z0-9_-]{43}$/

export function newToken(): NewToken {
  const id = `sp_${randomBytes(6).toString('hex')}`
  const token = `${id}_${randomBytes(32).toString('base64url')}`
  return { id, token, hash: hashToken(token) }
}

/** The naming part of a token, or undefined where the text is no token at all. */
export function tokenId(token: string): string | undefined {
  return SHAPE.exec(token)?.[1]
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

export function tokenMatches(token: string, hash: string): boolean {
  return timingSafeEqual(fromHex(hashToken(token)), fromHex(hash))
}
