import { createCipheriv, createDecipheriv } from 'node:crypto'

/**
 * Single DES on whole blocks, as MS-CHAP uses it: OpenSSL 3 offers no single DES by default, and triple DES with one key
 * three times is the same function (FIPS 46-3).
 */

/** Spreads 7 octets of key over 8, seven bits each, and sets the odd parity bits (RFC 2759 section 8.6). */
export function expandDesKey(key: Uint8Array): Uint8Array<ArrayBuffer> {
  if (key.length !== 7) throw new RangeError(`DES key material of ${key.length} octets, expected 7`)
  const expanded = new Uint8Array(8)
  for (let i = 0; i < 8; i++) {
    const left = i === 0 ? 0 : (key[i - 1] as number) << (8 - i)
    const right = i === 7 ? 0 : (key[i] as number) >> i
    expanded[i] = withOddParity((left | right) & 0xfe)
  }
  return expanded
}

function withOddParity(octet: number): number {
  let ones = 0
  for (let bits = octet; bits !== 0; bits >>= 1) ones += bits & 1
  return octet | (ones % 2 === 0 ? 1 : 0)
}

/** DesEncrypt of RFC 2759 section 8.6: one 8-octet block under 7 octets of key. */
export function desEncrypt(clear: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = createCipheriv('des-ede3-ecb', threeTimes(expandDesKey(key)), null)
  return cipher.setAutoPadding(false).update(clear)
}

export function desDecrypt(cypher: Uint8Array, key: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('des-ede3-ecb', threeTimes(expandDesKey(key)), null)
  return decipher.setAutoPadding(false).update(cypher)
}

function threeTimes(key: Uint8Array): Uint8Array {
  const tripled = new Uint8Array(24)
  for (let i = 0; i < 3; i++) tripled.set(key, 8 * i)
  return tripled
}
