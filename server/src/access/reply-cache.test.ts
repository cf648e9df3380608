import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { inspect, type PacketView } from '@sallyport/radius'
import fc from 'fast-check'
import { ReplyCache, RUNNING } from './reply-cache.ts'

const SOURCE = { address: '192.0.2.1', port: 4000 }
const reply = Uint8Array.of(2, 1, 0, 20)

function request(change: { code?: number; id?: number; authenticator?: Uint8Array } = {}): PacketView {
  const { code = 1, id = 7, authenticator = new Uint8Array(16).fill(5) } = change
  const inspected = inspect(Uint8Array.of(code, id, 0, 20, ...authenticator))
  assert.ok(inspected.ok)
  return inspected.packet
}

test('a running request is told apart from an answered one and from a new one', () => {
  const cache = new ReplyCache()
  const packet = request()
  assert.equal(cache.find(SOURCE, packet, 0), undefined)
  const ticket = cache.begin(SOURCE, packet, 0)
  assert.equal(cache.find(SOURCE, packet, 1), RUNNING)
  cache.finish(ticket, reply)
  assert.deepEqual(cache.find(SOURCE, packet, 2), reply)
})

test('another address, port, code, identifier or authenticator is another request (RFC 5080 section 2.2.2)', () => {
  const cache = new ReplyCache()
  cache.finish(cache.begin(SOURCE, request(), 0), reply)
  const authenticator = new Uint8Array(16).fill(5)
  authenticator[15] = 6
  assert.equal(cache.find({ ...SOURCE, address: '192.0.2.2' }, request(), 1), undefined)
  assert.equal(cache.find({ ...SOURCE, port: 4001 }, request(), 1), undefined)
  assert.equal(cache.find(SOURCE, request({ code: 4 }), 1), undefined)
  assert.equal(cache.find(SOURCE, request({ id: 8 }), 1), undefined)
  assert.equal(cache.find(SOURCE, request({ authenticator }), 1), undefined)
  assert.deepEqual(cache.find(SOURCE, request(), 1), reply)
})

test('an answer is kept for its lifetime and no longer', () => {
  const cache = new ReplyCache({ lifetimeMilliseconds: 5000 })
  cache.finish(cache.begin(SOURCE, request(), 0), reply)
  assert.deepEqual(cache.find(SOURCE, request(), 5000), reply)
  assert.equal(cache.find(SOURCE, request(), 5001), undefined)
})

test('a request that was left without an answer may be tried again', () => {
  const cache = new ReplyCache()
  cache.forget(cache.begin(SOURCE, request(), 0))
  assert.equal(cache.find(SOURCE, request(), 1), undefined)
})

test('a flood takes no memory and loses answers only by overwriting the oldest', () => {
  const cache = new ReplyCache({ capacity: 64, ringOctets: 4096 })
  const packets = Array.from({ length: 1000 }, () => request({ authenticator: randomBytes(16) }))
  for (const packet of packets)
    cache.finish(cache.begin(SOURCE, packet, 0), new Uint8Array(100).fill(packet.authenticator[0] ?? 0))
  const kept = packets.filter((packet) => cache.find(SOURCE, packet, 1) !== undefined)
  assert.ok(kept.length > 0 && kept.length <= 64, `${kept.length} kept`)
  assert.ok(kept.includes(packets.at(-1) as PacketView))
})

test('an answer that comes after its request gave way is not kept under another one', () => {
  const cache = new ReplyCache({ capacity: 8 })
  const late = cache.begin(SOURCE, request(), 0)
  const others = Array.from({ length: 100 }, () => request({ authenticator: randomBytes(16) }))
  for (const packet of others) cache.begin(SOURCE, packet, 1)
  cache.finish(late, reply)
  for (const packet of others) assert.notDeepEqual(cache.find(SOURCE, packet, 2), reply)
})

test('what is found is always the answer to that very request', () => {
  const step = fc.record({
    id: fc.nat(3),
    port: fc.nat(2),
    octets: fc.uint8Array({ minLength: 1, maxLength: 700 }),
    forget: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = new ReplyCache({ capacity: 8, ringOctets: 4096 })
      for (const { id, port, octets, forget } of steps) {
        const ticket = cache.begin({ ...SOURCE, port }, request({ id }), 0)
        if (forget) cache.forget(ticket)
        else cache.finish(ticket, octets)
      }
      for (const { id, port } of steps) {
        const found = cache.find({ ...SOURCE, port }, request({ id }), 0)
        if (found === undefined || found === RUNNING) continue
        // The same request may have been worked on twice: any of its own answers will do, nobody else's.
        const own = steps.filter((step) => step.port === port && step.id === id && !step.forget)
        assert.ok(own.some(({ octets }) => Buffer.from(octets).equals(found)))
      }
    }),
  )
})
