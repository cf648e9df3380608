import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  concat,
  fromHex,
  fromUtf8,
  Overflow,
  Reader,
  Truncated,
  timingSafeEqual,
  toHex,
  toUtf8,
  Writer,
} from './index.ts'

test('Reader reads network order and returns views', () => {
  const octets = fromHex('01 0203 040506 0708090a 0b0c0d0e0f101112 ff')
  const reader = new Reader(octets)
  assert.equal(reader.u8(), 0x01)
  assert.equal(reader.u16(), 0x0203)
  assert.equal(reader.u24(), 0x040506)
  assert.equal(reader.u32(), 0x0708090a)
  assert.equal(reader.u64(), 0x0b0c0d0e0f101112n)
  const rest = reader.rest()
  assert.equal(rest.buffer, octets.buffer)
  assert.equal(toHex(rest), 'ff')
})

test('Reader throws Truncated with offset, wanted and left, never short bytes', () => {
  const reader = new Reader(fromHex('0102030405'))
  reader.u16()
  assert.throws(
    () => reader.bytes(4),
    (error) => error instanceof Truncated && error.offset === 2 && error.wanted === 4 && error.left === 3,
  )
  assert.equal(reader.offset, 2)
  assert.throws(() => reader.bytes(-1), Truncated)
})

test('Writer refuses values that do not fit and lengths that were not announced', () => {
  assert.throws(() => new Writer(1).u8(256), Overflow)
  assert.throws(() => new Writer(1).u8(-1), Overflow)
  assert.throws(() => new Writer(2).u16(Number.NaN), Overflow)
  assert.throws(() => new Writer(1).u16(1), Overflow)
  assert.throws(() => new Writer(2).u8(1).finish(), Overflow)
  assert.throws(() => new Writer(8).u64(1n << 64n), Overflow)
})

test('what Writer writes Reader reads', () => {
  fc.assert(
    fc.property(
      fc.nat(255),
      fc.nat(65535),
      fc.nat(0xffffff),
      fc.bigInt(0n, (1n << 64n) - 1n),
      (a, b, c, d) => {
        const octets = new Writer(14).u8(a).u16(b).u24(c).u64(d).finish()
        const reader = new Reader(octets)
        assert.deepEqual([reader.u8(), reader.u16(), reader.u24(), reader.u64()], [a, b, c, d])
      },
    ),
  )
})

test('timingSafeEqual compares whole values', () => {
  assert.equal(timingSafeEqual(fromHex('00ff'), fromHex('00ff')), true)
  assert.equal(timingSafeEqual(fromHex('00ff'), fromHex('01ff')), false)
  assert.equal(timingSafeEqual(fromHex('00'), fromHex('0000')), false)
})

test('hex takes white space and colons, UTF-8 is strict', () => {
  assert.equal(toHex(concat(fromHex('aa:bb'), fromHex('cc dd'))), 'aabbccdd')
  assert.throws(() => fromHex('abc'), SyntaxError)
  assert.equal(toUtf8(fromHex('ff')), undefined)
  assert.equal(toUtf8(fromHex('efbbbf61')), '\ufeffa')
})

test('u32 wants four octets and takes none where there are fewer', () => {
  const reader = new Reader(fromHex('ffffffff 010203'))
  assert.equal(reader.u32(), 0xffffffff)
  assert.throws(
    () => reader.u32(),
    (error) => error instanceof Truncated && error.wanted === 4 && error.offset === 4,
  )
  assert.equal(reader.offset, 4)
})

test('UTF-8 of short and long, plain and other text is what the platform says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
      assert.deepEqual(fromUtf8(text), new Uint8Array(new TextEncoder().encode(text)))
    }),
  )
})
