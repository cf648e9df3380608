import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import { expandedNak, legacyNak, nakTypes } from './nak.ts'
import { encodeResponse, parseEap } from './packet.ts'

function read(type: number, data: Uint8Array): readonly number[] | undefined {
  const parsed = parseEap(encodeResponse(1, type, data))
  assert.ok(parsed.ok && 'data' in parsed.packet)
  return nakTypes(parsed.packet)
}

test('RFC 3748 section 5.3.1: a legacy Nak lists types, zero means none', () => {
  assert.deepEqual(read(3, legacyNak([25, 13])), [25, 13])
  assert.equal(toHex(legacyNak([])), '00')
  assert.deepEqual(read(3, legacyNak([])), [])
  assert.deepEqual(read(3, new Uint8Array(0)), [])
  assert.equal(read(4, fromHex('19')), undefined)
})

test('RFC 3748 section 5.3.2: an Expanded Nak lists expanded types, of which those of the IETF count', () => {
  assert.equal(toHex(expandedNak([25])), '00000000000003fe00000000000019')
  assert.deepEqual(read(254, expandedNak([25, 13])), [25, 13])
  assert.deepEqual(read(254, expandedNak([])), [])
  const vendor = fromHex('000000 00000003 fe 00372a 00000001 fe 000000 0000000d')
  assert.deepEqual(read(254, vendor), [13])
  assert.deepEqual(read(254, fromHex('000000 00000003 fe 000000 0000')), [], 'an entry cut short')
  assert.deepEqual(
    read(254, fromHex('000000 00000003 19 000000 0000000d')),
    [],
    'an entry of no expanded type',
  )
})
