import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { PkiError } from '../pki-error.ts'
import { DerReader, onlyElement } from './der-reader.ts'
import {
  readBoolean,
  readInteger,
  readNamedBits,
  readOctetAlignedBits,
  readOid,
  readSmallInteger,
  readTime,
} from './der-values.ts'
import { element, enumerated, integer, namedBits, octetString, oid, setOf, time } from './der-writer.ts'
import { TAG } from './tags.ts'

const read = (hex: string) => new DerReader(fromHex(hex)).any()
const malformed = (error: unknown) => error instanceof PkiError && error.code === 'malformed'

test('X.690 section 10.1: lengths are definite and as short as possible', () => {
  assert.equal(toHex(read('04 02 abcd').content), 'abcd')
  assert.equal(read(`04 81 80 ${'00'.repeat(128)}`).content.length, 128)
  for (const bad of [
    '04 80 0000',
    '04 81 05 0102030405',
    '04 82 0080',
    '04 85 0000000001 00',
    '04',
    '04 02 ab',
    '1f 81 00 00',
  ]) {
    assert.throws(() => read(bad), malformed, bad)
  }
  // The shortest form is checked before the content is asked for.
  assert.throws(() => read(`04 82 0080 ${'00'.repeat(128)}`), malformed)
})

test('what is left over is refused', () => {
  assert.throws(() => onlyElement(fromHex('0500 00'), TAG.null, 'nothing'), malformed)
  assert.throws(() => onlyElement(fromHex('0500'), TAG.oid, 'an OID'), malformed)
})

test('BOOLEAN, INTEGER and BIT STRING have one encoding each (X.690 section 11)', () => {
  assert.equal(readBoolean(read('0101ff')), true)
  assert.throws(() => readBoolean(read('010101')), malformed)
  assert.equal(readSmallInteger(read('02 02 0080')), 128)
  for (const bad of ['0200', '02020001', '0202ff80'])
    assert.throws(() => readInteger(read(bad)), malformed, bad)
  assert.throws(() => readSmallInteger(read('0201ff')), malformed)
  assert.throws(() => readSmallInteger(read('02050100000000')), malformed)
  assert.deepEqual([...readNamedBits(read('03020106'))], [5, 6])
  assert.deepEqual([...readNamedBits(read('030100'))], [])
  for (const bad of ['0300', '030101', '03020806'])
    assert.throws(() => readNamedBits(read(bad)), malformed, bad)
  assert.throws(() => readOctetAlignedBits(read('03020106')), malformed)
})

test('object identifiers: X.690 section 8.19 example and bad forms', () => {
  assert.equal(readOid(read('0603883703')), '2.999.3')
  assert.equal(toHex(oid('2.999.3')), '0603883703')
  assert.equal(toHex(oid('1.3.6.1.4.1.311.20.2.3')), '060a2b060104018237140203')
  for (const bad of ['0600', '060188', '06028001', '060a2bffffffffffffffff7f']) {
    assert.throws(() => readOid(read(bad)), malformed, bad)
  }
  for (const bad of ['1', '3.1', '1.2.', '1.02', ''])
    assert.throws(() => oid(bad), { code: 'invalid-request' })
})

test('RFC 5280 section 4.1.2.5: two forms of time, with seconds and Z', () => {
  const utc = (text: string) =>
    readTime({ tag: TAG.utcTime, content: Buffer.from(text), encoded: Buffer.of() })
  const generalized = (text: string) =>
    readTime({ tag: TAG.generalizedTime, content: Buffer.from(text), encoded: Buffer.of() })
  assert.equal(utc('491231235959Z'), Date.UTC(2049, 11, 31, 23, 59, 59))
  assert.equal(utc('500101000000Z'), Date.UTC(1950, 0, 1))
  assert.equal(generalized('20500101000000Z'), Date.UTC(2050, 0, 1))
  assert.equal(generalized('00490101000000Z'), new Date('0049-01-01T00:00:00Z').getTime())
  for (const bad of [
    '4912312359Z',
    '491231235959+0000',
    '490230000000Z',
    '491301000000Z',
    '491231236000Z',
    '491231240000Z',
    '',
  ]) {
    assert.throws(() => utc(bad), malformed, bad)
  }
  assert.throws(() => generalized('20500101000000.5Z'), malformed)
})

test('times are written as they are read, UTCTime until 2049', () => {
  assert.equal(time(Date.UTC(2049, 11, 31, 23, 59, 59))[0], TAG.utcTime)
  assert.equal(time(Date.UTC(2050, 0, 1))[0], TAG.generalizedTime)
  const seconds = fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 })
  fc.assert(fc.property(seconds, (at) => readTime(new DerReader(time(at * 1000)).any()) === at * 1000))
  assert.throws(() => time(Number.NaN), { code: 'invalid-request' })
  assert.throws(() => time(Date.UTC(1949, 0, 1)), { code: 'invalid-request' })
})

test('what is written reads back', () => {
  const arc = fc.nat(2 ** 40)
  fc.assert(
    fc.property(
      fc.nat(2 ** 31 - 1),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(arc),
      (number, octets, arcs) => {
        assert.equal(readSmallInteger(new DerReader(integer(number)).any()), number)
        assert.equal(readSmallInteger(new DerReader(enumerated(number)).any()), number)
        assert.deepEqual(Buffer.from(new DerReader(octetString(octets)).any().content), Buffer.from(octets))
        const dotted = [2, 5, ...arcs].join('.')
        assert.equal(readOid(new DerReader(oid(dotted)).any()), dotted)
      },
    ),
    { seed: 690 },
  )
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(12)), (bits) => {
      assert.deepEqual(
        [...readNamedBits(new DerReader(namedBits(bits)).any())],
        bits.toSorted((a, b) => a - b),
      )
    }),
  )
  assert.throws(() => integer(-1), { code: 'invalid-request' })
  assert.throws(() => integer(1.5), { code: 'invalid-request' })
})

test('X.690 section 11.6: the members of a SET OF are sorted', () => {
  assert.equal(toHex(setOf(element(4, fromHex('02')), element(4, fromHex('01')))), '3106040101040102')
})
