import { hash as digest } from 'node:crypto'
import { concat, wipe } from '@sallyport/bytes'

/** What derived octets are for (RFC 7292 appendix B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const

export type Pkcs12Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512'

const BLOCK: Readonly<Record<Pkcs12Hash, number>> = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 }

/** A password as RFC 7292 appendix B.1 wants it: big-endian UTF-16 with a zero at its end. Holds a secret. */
export function passwordOctets(password: string): Uint8Array {
  const octets = Buffer.alloc(password.length * 2 + 2)
  octets.write(password, 'utf16le')
  return octets.swap16()
}

/** The key derivation of PKCS #12 (RFC 7292 appendix B.2). @param password `passwordOctets` */
export function deriveKey(
  hash: Pkcs12Hash,
  password: Uint8Array,
  salt: Uint8Array,
  purpose: number,
  iterations: number,
  length: number,
): Uint8Array {
  const v = BLOCK[hash]
  const diversifier = new Uint8Array(v).fill(purpose)
  const input = concat(fill(salt, v), fill(password, v))
  const derived = new Uint8Array(length)
  for (let at = 0; at < length; ) {
    let a: Uint8Array = digest(hash, concat(diversifier, input), 'buffer')
    for (let round = 1; round < iterations; round++) a = digest(hash, a, 'buffer')
    derived.set(a.subarray(0, length - at), at)
    at += a.length
    const b = fill(a, v).subarray(0, v)
    for (let block = 0; block < input.length; block += v) addOne(input.subarray(block, block + v), b)
  }
  wipe(input)
  return derived
}

/** Repeated up to a whole number of blocks; nothing stays nothing. */
function fill(octets: Uint8Array, block: number): Uint8Array {
  const filled = new Uint8Array(block * Math.ceil(octets.length / block))
  for (let at = 0; at < filled.length; at++) filled[at] = octets[at % octets.length] as number // within its length
  return filled
}

/** block = block + b + 1, modulo the length of the block. */
function addOne(block: Uint8Array, b: Uint8Array): void {
  let carry = 1
  for (let at = block.length - 1; at >= 0; at--) {
    const sum = (block[at] as number) + (b[at] as number) + carry // both are one block long
    block[at] = sum & 0xff
    carry = sum >> 8
  }
}
