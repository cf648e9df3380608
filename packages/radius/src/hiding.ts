import { Unreadable } from './data-type.ts'
import type { Hiding } from './definition.ts'
import type { Secret } from './secret.ts'

/** What hidden attributes are hidden with: the shared secret and the Request Authenticator of the exchange. */
export interface HidingKey {
  readonly secret: Secret
  readonly authenticator: Uint8Array
}

const UNSUPPORTED = new Unreadable('hiding-unsupported')
const MALFORMED = new Unreadable('malformed-hiding')
const pad = new Uint8Array(16)
/** RFC 2865 section 5.2: a hidden password is 16 to 128 octets long. */
const LONGEST_PASSWORD = 128

function padded(length: number): number {
  return Math.max(16, (length + 15) & ~15)
}

/** Octets on the wire for a plain value of `length` octets; NaN where it cannot be hidden. */
export function hiddenLength(hiding: Hiding, length: number): number {
  if (hiding === 'user-password') return length > LONGEST_PASSWORD ? Number.NaN : padded(length)
  if (hiding === 'tunnel-password') return length > 255 ? Number.NaN : 2 + padded(1 + length)
  return length
}

/**
 * RFC 2865 section 5.2: each block is XORed with MD5(secret, previous cipher block), the first with
 * MD5(secret, authenticator, salt). `cipher` says which side of the XOR feeds the next block.
 */
function chain(
  key: HidingKey,
  salt: Uint8Array | undefined,
  input: Uint8Array,
  output: Uint8Array,
  cipher: Uint8Array,
): void {
  for (let at = 0; at < input.length; at += 16) {
    const hash = key.secret.md5Start().update(key.secret.octets)
    if (at > 0) hash.update(cipher, at - 16, at)
    else {
      hash.update(key.authenticator)
      if (salt !== undefined) hash.update(salt)
    }
    hash.finish(pad)
    for (let i = 0; i < 16; i++) output[at + i] = (input[at + i] as number) ^ (pad[i] as number)
  }
}

/** Hides a plain value. `salt`: two octets, the first with its top bit set; only for `tunnel-password`. */
export function hide(hiding: Hiding, plain: Uint8Array, key: HidingKey, salt: Uint8Array): Uint8Array {
  const isSalted = hiding === 'tunnel-password'
  const clear = new Uint8Array(padded(plain.length + (isSalted ? 1 : 0)))
  if (isSalted) clear[0] = plain.length
  clear.set(plain, isSalted ? 1 : 0)
  const start = isSalted ? 2 : 0
  const hidden = new Uint8Array(start + clear.length)
  if (isSalted) hidden.set(salt)
  const output = hidden.subarray(start)
  chain(key, isSalted ? salt : undefined, clear, output, output)
  clear.fill(0)
  return hidden
}

/**
 * Reveals a hidden value. A wrong secret is not noticed here, except where the length inside makes no sense.
 * `length`: where the dictionary fixes it, so that zeros at the end of a key are not taken for padding.
 */
export function reveal(
  hiding: Hiding,
  hidden: Uint8Array,
  key: HidingKey,
  length?: number,
): Uint8Array | Unreadable {
  if (hiding === 'unsupported') return UNSUPPORTED
  return hiding === 'tunnel-password'
    ? revealTunnelPassword(hidden, key)
    : revealUserPassword(hidden, key, length)
}

function revealUserPassword(hidden: Uint8Array, key: HidingKey, length?: number): Uint8Array | Unreadable {
  if (hidden.length < 16 || hidden.length > LONGEST_PASSWORD || hidden.length % 16 !== 0) return MALFORMED
  const clear = new Uint8Array(hidden.length)
  chain(key, undefined, hidden, clear, hidden)
  if (length !== undefined) return clear.subarray(0, length)
  let end = clear.length
  while (end > 0 && clear[end - 1] === 0) end--
  return clear.subarray(0, end)
}

function revealTunnelPassword(hidden: Uint8Array, key: HidingKey): Uint8Array | Unreadable {
  const salt = hidden.subarray(0, 2)
  const cipher = hidden.subarray(2)
  if (cipher.length < 16 || cipher.length % 16 !== 0) return MALFORMED
  const clear = new Uint8Array(cipher.length)
  chain(key, salt, cipher, clear, cipher)
  const length = clear[0] as number
  return length > clear.length - 1 ? MALFORMED : clear.subarray(1, 1 + length)
}
