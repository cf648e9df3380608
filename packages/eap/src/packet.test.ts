import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { encodeFailure, encodeRequest, encodeResponse, encodeSuccess, parseEap } from './packet.ts'

test('RFC 3748 section 4: the four codes', () => {
  assert.equal(toHex(encodeRequest(7, 1, new Uint8Array(0))), '0107000501')
  assert.equal(toHex(encodeResponse(7, 1, fromHex('616c'))), '0207000701616c')
  assert.equal(toHex(encodeSuccess(8)), '03080004')
  assert.equal(toHex(encodeFailure(9)), '04090004')
})

test('octets after Length are padding', () => {
  const parsed = parseEap(fromHex('0207000701616c ffff'))
  assert.ok(parsed.ok && 'data' in parsed.packet)
  assert.equal(toHex(parsed.packet.data), '616c')
})

test('an Expanded type of the IETF is the type it names, a vendor type stays expanded', () => {
  const ietf = parseEap(fromHex('0207000d fe 000000 00000004 aa'))
  assert.ok(ietf.ok && 'data' in ietf.packet)
  assert.equal(ietf.packet.type, 4)
  assert.deepEqual(ietf.packet.expanded, { vendor: 0, type: 4 })
  assert.equal(toHex(ietf.packet.data), 'aa')
  const vendor = parseEap(fromHex('0207000c fe 00372a 00000001'))
  assert.ok(vendor.ok && 'data' in vendor.packet)
  assert.equal(vendor.packet.type, 254)
  assert.deepEqual(vendor.packet.expanded, { vendor: 0x372a, type: 1 })
})

const MALFORMED: readonly (readonly [string, string])[] = [
  ['', 'shorter-than-header'],
  ['020700', 'shorter-than-header'],
  ['0207000701', 'length-beyond-packet'],
  ['0207ffff01', 'length-beyond-packet'],
  ['0207000301', 'length-too-short'],
  ['0207000001', 'length-too-short'],
  ['02070004', 'length-too-short'],
  ['0007000501', 'unknown-code'],
  ['0507000501', 'unknown-code'],
  ['0307000501', 'outcome-with-data'],
  ['0407000501', 'outcome-with-data'],
  ['0207000b fe 000000 000000', 'expanded-type-too-short'],
  ['02070005fe', 'expanded-type-too-short'],
]

test('what is not well-formed says what is wrong with it', () => {
  for (const [octets, malformed] of MALFORMED) {
    assert.deepEqual(parseEap(fromHex(octets)), { ok: false, malformed }, octets)
  }
})

test('what is encoded is parsed as it was; any octets are parsed or refused', () => {
  const types = fc.nat(253)
  fc.assert(
    fc.property(fc.nat(255), types, fc.uint8Array({ maxLength: 3000 }), (identifier, type, data) => {
      const parsed = parseEap(encodeResponse(identifier, type, data))
      assert.deepEqual(parsed, { ok: true, packet: { code: 2, identifier, type, data } })
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => void parseEap(octets)))
})
