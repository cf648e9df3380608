import { hash, randomBytes, randomInt } from 'node:crypto'

const TOKEN_OCTETS = 20
/** What `newToken` writes; nothing else is looked up. */
const TOKEN = /^[A-Za-z0-9_-]{27}$/

/** No letters or digits that are taken for each other: people read it from one screen and type it on another. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const CODE_LENGTH = 8

/** 160 random bits that stand in an address as they are. */
export function newToken(): string {
  return randomBytes(TOKEN_OCTETS).toString('base64url')
}

/** What is stored of a token: so many bits need no slow hash. Undefined: it is none. */
export function tokenHash(token: string): string | undefined {
  return TOKEN.test(token) ? hash('sha256', token, 'hex') : undefined
}

/** `XXXX-XXXX`: 40 random bits. Guessing is slowed down, for each address and for all together. */
export function newCode(): string {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** As it was typed: in any case, with hyphens and blanks anywhere. Undefined: it is none. */
export function readCode(typed: string): string | undefined {
  const code = typed.slice(0, 40).toUpperCase().replace(/[\s-]/g, '')
  const isCode = code.length === CODE_LENGTH && [...code].every((letter) => ALPHABET.includes(letter))
  return isCode ? code : undefined
}
