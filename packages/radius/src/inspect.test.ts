import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect, MAXIMUM_LENGTH } from './index.ts'
import { MAXIMUM_ATTRIBUTES } from './inspect.ts'

function packet(attributes: Uint8Array): Uint8Array {
  const octets = new Uint8Array(20 + attributes.length)
  octets.set([1, 1, octets.length >>> 8, octets.length & 0xff])
  octets.set(attributes, 20)
  return octets
}

test('the number of attributes is bounded', () => {
  const empty = (count: number): Uint8Array =>
    new Uint8Array(count * 2).map((_, i) => (i % 2 === 0 ? 250 : 2))
  assert.equal(inspect(packet(empty(MAXIMUM_ATTRIBUTES))).ok, true)
  assert.deepEqual(inspect(packet(empty(MAXIMUM_ATTRIBUTES + 1))), {
    ok: false,
    reason: 'too-many-attributes',
    offset: 20 + 2 * MAXIMUM_ATTRIBUTES,
  })
})

test('4096 octets are a packet, and the view is not a copy', () => {
  const attributes = new Uint8Array(MAXIMUM_LENGTH - 20)
  for (let at = 0; at < attributes.length; ) {
    const left = attributes.length - at
    const length = left > 255 && left < 257 ? 250 : Math.min(255, left)
    attributes.set([250, length], at)
    at += length
  }
  const octets = packet(attributes)
  assert.equal(octets.length, 4096)
  const inspected = inspect(octets)
  assert.ok(inspected.ok)
  assert.equal(inspected.packet.octets, octets)
  for (const view of inspected.packet.attributes()) assert.equal(view.octets.buffer, octets.buffer)
})
