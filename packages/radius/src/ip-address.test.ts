import assert from 'node:assert/strict'
import { isIPv6 } from 'node:net'
import { test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './ip-address.ts'

test('RFC 5952 section 4: one form for each IPv6 address', () => {
  const forms: readonly [string, string][] = [
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['::', '::'],
    ['1::', '1::'],
  ]
  for (const [text, form] of forms) {
    const octets = parseIpv6(text)
    assert.ok(octets !== undefined, text)
    assert.equal(formatIpv6(octets), form)
  }
})

test('what is no address is not read', () => {
  for (const text of [
    '',
    '1',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::',
    '::1%eth0',
    '1:2:3:4::5:6:7:8',
    '::1.2.3',
  ]) {
    assert.equal(parseIpv6(text), undefined, text)
  }
  for (const text of ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.', ' 1.2.3.4', '1.2.3.4x']) {
    assert.equal(parseIpv4(text), undefined, text)
  }
})

test('whatever is written is read back, and the platform agrees on what an address is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
      const sparse = octets.map((octet, i) => ((octets[0] as number) & (1 << (i >> 1)) ? 0 : octet))
      assert.equal(toHex(parseIpv6(formatIpv6(sparse)) ?? new Uint8Array(0)), toHex(sparse))
      assert.equal(isIPv6(formatIpv6(sparse)), true)
      const v4 = octets.subarray(0, 4)
      assert.equal(toHex(parseIpv4(formatIpv4(v4)) ?? new Uint8Array(0)), toHex(v4))
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123afz:.'), maxLength: 20 }), (text) => {
      assert.equal(parseIpv6(text) !== undefined, isIPv6(text))
    }),
    { numRuns: 2000 },
  )
})
