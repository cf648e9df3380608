import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { encodeAvps, parseAvps } from './avp.ts'

test('RFC 5281 section 10.1: code, flags, length without padding, vendor, value', () => {
  const name = { code: 1, vendor: 0, value: fromUtf8('alice') }
  assert.equal(toHex(encodeAvps([name])), '00000001 40 00000d 616c696365 000000'.replaceAll(' ', ''))
  const vendor = { code: 26, vendor: 311, value: Uint8Array.of(7) }
  assert.equal(toHex(encodeAvps([vendor])), '0000001a c0 00000d 00000137 07 000000'.replaceAll(' ', ''))
})

test('padding after the last AVP may be missing; everything else must be there', () => {
  assert.equal(parseAvps(fromHex('00000001 40 00000d 616c696365'))?.length, 1)
  for (const bad of ['00000001', '00000001 40 000007', '00000001 40 000009', '00000001 c0 000008 000001']) {
    assert.equal(parseAvps(fromHex(bad)), undefined, bad)
  }
})

test('what is written is read again, and nothing makes the reader throw', () => {
  const avp = fc.record({
    code: fc.nat(0xffff),
    vendor: fc.nat(70_000),
    value: fc.uint8Array({ maxLength: 40 }),
  })
  fc.assert(
    fc.property(fc.array(avp, { maxLength: 6 }), (avps) => {
      const read = parseAvps(encodeAvps(avps))
      assert.deepEqual(
        read?.map(({ code, vendor, value }) => ({ code, vendor, value: toHex(value) })),
        avps.map(({ code, vendor, value }) => ({ code, vendor, value: toHex(value) })),
      )
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => void parseAvps(octets)))
})
