import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromHex, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { encodeTlsFrame, parseTlsFrame } from './framing.ts'
import { TlsMessenger } from './messenger.ts'

/** Carries one message from one side to the other and counts the packets. */
function carry(from: TlsMessenger, to: TlsMessenger, message: Uint8Array, mtu: number) {
  let data = from.send(message)
  for (let packets = 1; ; packets++) {
    assert.ok(data.length + 5 <= Math.max(mtu, 69), `packet of ${data.length + 5}`)
    const received = to.receive(data)
    if (received.kind === 'message') return { octets: received.octets, packets }
    assert.equal(received.kind, 'reply')
    const next = from.receive(received.kind === 'reply' ? received.data : data)
    assert.equal(next.kind, 'reply')
    data = next.kind === 'reply' ? next.data : data
  }
}

test('RFC 5216 section 3.1: flags, length, fragments', () => {
  const server = new TlsMessenger('server', 0, 100)
  assert.equal(toHex(server.start()), '20')
  const first = server.send(new Uint8Array(200).fill(0xab))
  assert.equal(toHex(first.subarray(0, 7)), 'c0000000c8abab') // L and M, 200 octets in all
  const second = server.receive(fromHex('00'))
  assert.ok(second.kind === 'reply')
  assert.equal(toHex(second.data.subarray(0, 2)), '40ab')
  const last = server.receive(fromHex('00'))
  assert.ok(last.kind === 'reply')
  assert.equal(toHex(last.data.subarray(0, 2)), '00ab')
  assert.deepEqual(server.receive(fromHex('00')), { kind: 'message', octets: new Uint8Array(0) })
})

test('progress tells what is out and what is known to have arrived', () => {
  const server = new TlsMessenger('server', 0, 100)
  server.start()
  const message = new Uint8Array(200)
  server.send(message)
  const whole = { octets: 200, fragments: 3, receivedOctets: 0 }
  assert.deepEqual(server.progress, { ...whole, acknowledged: 0, fragmentOctets: 90 })
  server.receive(fromHex('00'))
  assert.deepEqual(server.progress, { ...whole, acknowledged: 1, fragmentOctets: 94 })
  server.receive(fromHex('00'))
  assert.deepEqual(server.progress, { ...whole, acknowledged: 2, fragmentOctets: 16 })
  server.receive(fromHex('c0000000c8abab'))
  assert.equal(server.progress.receivedOctets, 2)
})

test('the number of fragments is foretold right, whatever the length', () => {
  fc.assert(
    fc.property(fc.nat(9000), fc.integer({ min: 20, max: 1500 }), (length, mtu) => {
      const server = new TlsMessenger('server', 0, mtu)
      const { packets } = carry(server, new TlsMessenger('peer', 0, mtu), new Uint8Array(length), mtu)
      const { fragments, acknowledged } = server.progress
      assert.deepEqual({ fragments, acknowledged }, { fragments: packets, acknowledged: packets - 1 })
    }),
    { numRuns: 60 },
  )
})

test('messages of any length arrive whole over any link, both ways', () => {
  fc.assert(
    fc.property(fc.nat(9000), fc.integer({ min: 20, max: 1500 }), fc.nat(7), (length, mtu, version) => {
      const server = new TlsMessenger('server', version, mtu)
      const peer = new TlsMessenger('peer', version, mtu)
      const message = Uint8Array.from({ length }, (_, at) => at & 0xff)
      for (const [from, to] of [
        [server, peer],
        [peer, server],
      ] as const) {
        assert.deepEqual(carry(from, to, message, mtu).octets, message)
      }
    }),
    { numRuns: 60 },
  )
})

test('fail: what a hostile peer does with fragments', () => {
  const cases: Readonly<Record<string, readonly [frames: readonly string[], code: string]>> = {
    'nothing at all': [[''], 'malformed-packet'],
    'length octets missing': [['80 0000'], 'malformed-packet'],
    'a start of its own': [['20'], 'malformed-packet'],
    'another version': [['01 00'], 'unexpected-packet'],
    'promises more and sends nothing': [['c0 00000010', '40'], 'malformed-packet'],
    'fragments without a length': [['40 0102'], 'malformed-packet'],
    'more than announced': [['c0 00000003 0102', '00 0304'], 'malformed-packet'],
    'less than announced': [['c0 00000009 0102', '00 0304'], 'malformed-packet'],
    'announces another length on the way': [['c0 00000009 0102', 'c0 0000000a 0304'], 'malformed-packet'],
    'announces more than anyone needs': [['c0 00010001 0102'], 'too-large'],
    'whole, with a wrong length': [['80 00000003 0102'], 'malformed-packet'],
  }
  for (const [what, [frames, code]] of Object.entries(cases)) {
    const messenger = new TlsMessenger('server', 0, 1020)
    const received = frames
      .map((frame) => messenger.receive(fromHex(frame)))
      .find(({ kind }) => kind === 'fail')
    assert.ok(received?.kind === 'fail', what)
    assert.equal(received.reason.code, code, what)
  }
})

test('fail: data where an acknowledgement was due', () => {
  const server = new TlsMessenger('server', 0, 100)
  server.send(new Uint8Array(200))
  const received = server.receive(fromHex('00 01'))
  assert.equal(received.kind === 'fail' && received.reason.code, 'malformed-packet')
})

test('64 KiB is the most a peer can make us keep', () => {
  const server = new TlsMessenger('server', 0, 1020)
  const announced = fromHex('c0 00010000')
  assert.equal(server.receive(concat(announced, new Uint8Array(1000))).kind, 'reply')
  let kind = 'reply'
  for (let sent = 1000; kind === 'reply' && sent < 80_000; sent += 1000) {
    kind = server.receive(concat(fromHex('40'), new Uint8Array(1000))).kind
  }
  assert.equal(kind, 'fail')
})

test('what is written is read again, and nothing makes the reader throw', () => {
  const frame = fc.record(
    {
      version: fc.nat(7),
      start: fc.boolean(),
      moreFragments: fc.boolean(),
      messageLength: fc.nat(0xffffffff),
      fragment: fc.uint8Array({ maxLength: 30 }),
    },
    { requiredKeys: ['version', 'start', 'moreFragments', 'fragment'], noNullPrototype: true },
  )
  fc.assert(fc.property(frame, (frame) => assert.deepEqual(parseTlsFrame(encodeTlsFrame(frame)), frame)))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), (octets) => void parseTlsFrame(octets)))
})
