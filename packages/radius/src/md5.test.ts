import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fromUtf8, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { Md5, md5 } from './md5.ts'

test('RFC 1321 appendix A.5', () => {
  const suite: readonly [string, string][] = [
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      '57edf4a22be3c955ac49da2e2107b67a',
    ],
  ]
  for (const [text, digest] of suite) assert.equal(toHex(md5(fromUtf8(text))), digest)
})

test('any message in any pieces gives what OpenSSL gives', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
      const expected = createHash('md5').update(Buffer.concat(pieces)).digest('hex')
      assert.equal(toHex(md5(...pieces)), expected)
    }),
  )
})

test('a state is taken at a block border and starts many hashes', () => {
  const block = new Uint8Array(64).fill(7)
  const state = new Md5().start().update(block).state()
  for (const tail of ['', 'x', 'longer'.repeat(30)]) {
    const digest = new Uint8Array(16)
    new Md5().start(state).update(fromUtf8(tail)).finish(digest)
    assert.deepEqual(digest, md5(block, fromUtf8(tail)))
  }
  assert.throws(() => new Md5().start().update(block, 0, 63).state(), RangeError)
})
