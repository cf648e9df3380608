import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import { chapOf, chapResponse, inspect, type PacketView } from './index.ts'

/** RFC 2865 section 7.2, with attributes behind it. */
function flopsy(rest = '', chap = '031316e97557c316185895f293ff6344077275'): PacketView {
  const octets = fromHex(`010100002aee86f08d0d55969ca5978e0d3367a2 0108666c6f707379 ${chap} ${rest}`)
  octets[3] = octets.length
  const inspected = inspect(octets)
  assert.ok(inspected.ok)
  return inspected.packet
}

test('RFC 2865 section 7.2: the challenge is the authenticator', () => {
  const chap = chapOf(flopsy())
  assert.ok(chap !== undefined)
  assert.equal(chap.id, 0x16)
  assert.equal(toHex(chap.challenge), '2aee86f08d0d55969ca5978e0d3367a2')
  assert.deepEqual(
    chapResponse(chap.id, fromUtf8('arctangent'), chap.challenge),
    Uint8Array.from(chap.response),
  )
  assert.notDeepEqual(
    chapResponse(chap.id, fromUtf8('Arctangent'), chap.challenge),
    Uint8Array.from(chap.response),
  )
})

test('RFC 2865 section 5.40: CHAP-Challenge comes before the authenticator', () => {
  assert.equal(toHex(chapOf(flopsy('3c050a0b0c'))?.challenge ?? new Uint8Array(0)), '0a0b0c')
})

test('no CHAP-Password, a short one, or an empty challenge is no CHAP', () => {
  assert.equal(chapOf(flopsy('', '')), undefined)
  assert.equal(chapOf(flopsy('', '030400ff')), undefined)
  assert.equal(chapOf(flopsy('3c02')), undefined)
})
