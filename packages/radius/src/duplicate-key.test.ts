import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duplicateKey, inspect, type PacketView } from './index.ts'

const octets = new Uint8Array(24)
octets.set([1, 7, 0, 24], 0)
octets.set([1, 4, 97, 98], 20)

function view(bytes: Uint8Array): PacketView {
  const inspected = inspect(bytes)
  assert.ok(inspected.ok)
  return inspected.packet
}

test('source address, port, code, identifier and authenticator each make another key', () => {
  const source = { address: '192.0.2.1', port: 40_000 }
  const key = duplicateKey(source, view(octets))
  assert.equal(duplicateKey({ ...source }, view(Uint8Array.from(octets))), key)
  assert.notEqual(duplicateKey({ ...source, port: 40_001 }, view(octets)), key)
  assert.notEqual(duplicateKey({ ...source, address: '192.0.2.14' }, view(octets)), key)
  for (const at of [0, 1, ...Array.from({ length: 16 }, (_, i) => 4 + i)]) {
    const changed = Uint8Array.from(octets)
    changed[at] = (changed[at] as number) ^ 0x80
    assert.notEqual(duplicateKey(source, view(changed)), key, `octet ${at}`)
  }
})
