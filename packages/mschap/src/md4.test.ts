import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8, toHex } from '@sallyport/bytes'
import { legacyOpenssl, withoutLegacyOpenssl } from '../test/openssl.ts'
import { md4 } from './md4.ts'

// RFC 1320 appendix A.5
const VECTORS: readonly (readonly [string, string])[] = [
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  ],
]

test('MD4 gives the digests of RFC 1320 A.5', () => {
  for (const [message, digest] of VECTORS) assert.equal(toHex(md4(fromUtf8(message))), digest, message)
})

test('MD4 agrees with OpenSSL around the block boundaries', { skip: withoutLegacyOpenssl() }, () => {
  for (const length of [54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000]) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff)
    const digest = legacyOpenssl(['dgst', '-md4', '-binary'], message)
    assert.equal(toHex(md4(message)), toHex(digest), `${length} octets`)
  }
})

test('a digest does not change when the next one is computed', () => {
  const first = md4(fromUtf8('a'))
  md4(fromUtf8('abc'))
  assert.equal(toHex(first), 'bde52cb31de33e46245e05fbdbd6fb24')
})
