import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { legacyOpenssl, withoutLegacyOpenssl } from '../test/openssl.ts'
import { rc4 } from './rc4.ts'

// RFC 6229 section 2: key, then 16 octets of key stream by offset
const VECTORS: readonly (readonly [string, Readonly<Record<number, string>>])[] = [
  [
    '0102030405',
    {
      0: 'b2396305f03dc027ccc3524a0a1118a8',
      16: '6982944f18fc82d589c403a47a0d0919',
      240: '28cb1132c96ce286421dcaadb8b69eae',
      4096: 'ff25b589959967 07e51fbdf08b34d875',
    },
  ],
  [
    '0102030405060708090a0b0c0d0e0f10',
    {
      0: '9ac7cc9a609d1ef7b2932899cde41b97',
      16: '5248c4959014126a6e8a84f11d1a9e1c',
      4096: 'a36a4c301ae8ac13610ccbc12256cacc',
    },
  ],
  [
    '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20',
    { 0: 'eaa6bd25880bf93d3f5d1e4ca2611d91' },
  ],
]

test('RC4 gives the key streams of RFC 6229 section 2', () => {
  for (const [key, stream] of VECTORS) {
    const octets = rc4(fromHex(key), new Uint8Array(4112))
    for (const [offset, expected] of Object.entries(stream)) {
      const at = Number(offset)
      assert.equal(toHex(octets.subarray(at, at + 16)), toHex(fromHex(expected)), `${key} at ${offset}`)
    }
  }
})

test('RC4 agrees with OpenSSL on a password block', { skip: withoutLegacyOpenssl() }, () => {
  const key = '44ebba8d5312b8d611474411f56989ae'
  const block = Uint8Array.from({ length: 516 }, (_, i) => i & 0xff)
  const cypher = legacyOpenssl(['enc', '-rc4', '-K', key], block)
  assert.equal(toHex(rc4(fromHex(key), block)), toHex(cypher))
})

test('RC4 deciphers what it enciphered and refuses keys it cannot use', () => {
  const octets = fc.uint8Array({ maxLength: 600 })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 256 }), octets, (key, data) => {
      assert.deepEqual(rc4(key, rc4(key, data)), data)
    }),
  )
  assert.throws(() => rc4(new Uint8Array(0), fromUtf8('x')), RangeError)
  assert.throws(() => rc4(new Uint8Array(257), fromUtf8('x')), RangeError)
})
