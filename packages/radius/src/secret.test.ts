import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { RadiusError } from './error.ts'
import { Secret } from './secret.ts'

function hmac(key: Uint8Array, data: Uint8Array): string {
  const secret = new Secret(key)
  const out = new Uint8Array(16)
  secret.hmacStart().update(data)
  secret.hmacFinish(out)
  return toHex(out)
}

test('RFC 2202 section 2: HMAC-MD5', () => {
  const suite: readonly [Uint8Array, Uint8Array, string][] = [
    [new Uint8Array(16).fill(0x0b), fromUtf8('Hi There'), '9294727a3638bb1c13f48ef8158bfc9d'],
    [fromUtf8('Jefe'), fromUtf8('what do ya want for nothing?'), '750c783e6ab0b503eaa86e310a5db738'],
    [new Uint8Array(16).fill(0xaa), new Uint8Array(50).fill(0xdd), '56be34521d144c88dbb8c733f0e8b3f6'],
    [
      fromHex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
      new Uint8Array(50).fill(0xcd),
      '697eaf0aca3a3aea3a75164746ffaa79',
    ],
    [new Uint8Array(16).fill(0x0c), fromUtf8('Test With Truncation'), '56461ef2342edc00f9bab995690efd4c'],
    [
      new Uint8Array(80).fill(0xaa),
      fromUtf8('Test Using Larger Than Block-Size Key - Hash Key First'),
      '6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd',
    ],
    [
      new Uint8Array(80).fill(0xaa),
      fromUtf8('Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data'),
      '6f630fad67cda0ee1fb1f562db3aa53e',
    ],
  ]
  for (const [key, data, digest] of suite) assert.equal(hmac(key, data), digest)
})

test('any key and message give what OpenSSL gives', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 150 }),
      fc.uint8Array({ maxLength: 300 }),
      (key, data) => {
        assert.equal(hmac(key, data), createHmac('md5', key).update(data).digest('hex'))
      },
    ),
  )
})

test('a secret of no octets is refused', () => {
  for (const empty of ['', new Uint8Array(0)]) {
    assert.throws(
      () => new Secret(empty),
      (error) =>
        error instanceof RadiusError &&
        error.code === 'empty-secret' &&
        /must not be empty/.test(error.message),
    )
  }
})

test('a secret is its own copy and does not print itself', () => {
  const octets = fromUtf8('testing123')
  const secret = new Secret(octets)
  octets.fill(0)
  assert.deepEqual(secret.octets, fromUtf8('testing123'))
  assert.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}')
})
