import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex, toUtf8 } from '@sallyport/bytes'
import fc from 'fast-check'
import {
  type AuthenticationReply,
  type Decoded,
  decodeContinue,
  decodeHeader,
  decodeReply,
  decodeStart,
  encodeContinue,
  encodePacket,
  encodeReply,
  encodeStart,
  HeaderFlag,
  openPacket,
  PacketStream,
  papStart,
} from './index.ts'

const SECRET = fromUtf8('fredsecret')
const NOTHING = new Uint8Array(0)
const HEADER = { minorVersion: 1, type: 1, sequence: 1, flags: 0, sessionId: 0x12345678 }
/** Computed with Python's hashlib from RFC 8907 section 4.5: alice, PAP, the password `secret`, two blocks of pad. */
const PAP_ALICE = 'c101010012345678000000131ef67feb3c016fd32d9b6274c5990a584d6df7'

const runs = { seed: 20261122, numRuns: 300 }
const octets = (most: number) => fc.uint8Array({ maxLength: most })
const plain = { noNullPrototype: true }
const header = fc.record(
  {
    minorVersion: fc.integer({ min: 0, max: 15 }),
    type: fc.integer({ min: 0, max: 255 }),
    sequence: fc.integer({ min: 0, max: 255 }),
    flags: fc.constantFrom(0, HeaderFlag.SingleConnect),
    sessionId: fc.nat({ max: 0xffffffff }),
  },
  plain,
)

function value<T>(decoded: Decoded<T>): T {
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.fault)
  return decoded.value
}

function faultOf(decoded: Decoded<unknown>): string {
  return decoded.ok ? 'none' : decoded.fault
}

test('ok/a PAP login is written octet for octet', () => {
  const login = { user: fromUtf8('alice'), port: NOTHING, remoteAddress: NOTHING }
  const packet = encodePacket(HEADER, encodeStart(papStart(login, fromUtf8('secret'))), SECRET)
  assert.equal(toHex(packet), PAP_ALICE)
  const opened = value(openPacket(fromHex(PAP_ALICE), SECRET))
  assert.deepEqual(opened.header, HEADER)
  const start = value(decodeStart(opened.body))
  assert.deepEqual([start.type, toUtf8(start.user), toUtf8(start.data)], [2, 'alice', 'secret'])
})

test('ok/what is written is read', () => {
  fc.assert(
    fc.property(header, octets(200), octets(40), (written, body, secret) => {
      const opened = value(openPacket(encodePacket(written, body, secret), secret))
      assert.deepEqual(opened.header, written)
      assert.deepEqual(Buffer.from(opened.body), Buffer.from(body))
    }),
    runs,
  )
  const byte = fc.integer({ min: 0, max: 255 })
  const fields = { user: octets(255), port: octets(255), remoteAddress: octets(255), data: octets(255) }
  const start = fc.record({ action: byte, privilegeLevel: byte, type: byte, service: byte, ...fields }, plain)
  fc.assert(
    fc.property(start, (message) => assert.deepEqual(value(decodeStart(encodeStart(message))), message)),
    runs,
  )
  const reply = fc.record({ status: byte, flags: byte, serverMessage: octets(300), data: octets(300) }, plain)
  fc.assert(
    fc.property(reply, (message) => assert.deepEqual(value(decodeReply(encodeReply(message))), message)),
    runs,
  )
  const answer = fc.record({ flags: byte, userMessage: octets(300), data: octets(300) }, plain)
  fc.assert(
    fc.property(answer, (message) =>
      assert.deepEqual(value(decodeContinue(encodeContinue(message))), message),
    ),
    runs,
  )
})

test('fail/octets of anybody end in a verdict', () => {
  fc.assert(
    fc.property(octets(400), (any) => {
      for (const decode of [decodeHeader, decodeStart, decodeReply, decodeContinue]) {
        const decoded = decode(any)
        assert.ok(decoded.ok || decoded.fault.length > 0)
      }
      const opened = openPacket(any, SECRET)
      assert.ok(opened.ok || opened.fault.length > 0)
    }),
    { ...runs, numRuns: 2000 },
  )
})

test('fail/every length but the right one', () => {
  const reply: AuthenticationReply = { status: 1, flags: 0, serverMessage: fromUtf8('hi'), data: NOTHING }
  const body = encodeReply(reply)
  for (let length = 0; length < body.length; length += 1) {
    assert.equal(faultOf(decodeReply(body.subarray(0, length))), 'lengths-disagree')
  }
  assert.equal(faultOf(decodeReply(Uint8Array.of(...body, 0))), 'lengths-disagree')
  const packet = encodePacket({ ...HEADER, sequence: 2 }, body, SECRET)
  for (let length = 0; length < packet.length; length += 1) {
    assert.equal(faultOf(openPacket(packet.subarray(0, length), SECRET)), 'truncated')
  }
  assert.equal(faultOf(openPacket(Uint8Array.of(...packet, 0), SECRET)), 'too-long')
})

test('fail/a wrong secret shows in the lengths', () => {
  const body = encodeReply({ status: 1, flags: 0, serverMessage: NOTHING, data: NOTHING })
  const packet = encodePacket({ ...HEADER, sequence: 2 }, body, fromUtf8('another secret'))
  assert.equal(faultOf(decodeReply(value(openPacket(packet, SECRET)).body)), 'lengths-disagree')
})

test('fail/a packet in the clear, and one of another protocol', () => {
  const body = encodeReply({ status: 1, flags: 0, serverMessage: NOTHING, data: NOTHING })
  const clear = encodePacket({ ...HEADER, flags: HeaderFlag.Unencrypted }, body, SECRET)
  assert.equal(faultOf(openPacket(clear, SECRET)), 'unencrypted')
  assert.equal(faultOf(openPacket(fromUtf8('HTTP/1.1 200 OK\r\n\r\n'), SECRET)), 'not-tacacs')
})

test('fail/a field that does not fit is never cut short', () => {
  const login = { user: new Uint8Array(256), port: NOTHING, remoteAddress: NOTHING }
  assert.throws(() => encodeStart(papStart(login, NOTHING)), RangeError)
  const long = new Uint8Array(65_536)
  assert.throws(() => encodeReply({ status: 1, flags: 0, serverMessage: long, data: NOTHING }), RangeError)
})

test('ok/a stream is cut into the same packets however its octets arrive', () => {
  fc.assert(
    fc.property(
      fc.array(octets(60), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }),
      (bodies, sizes) => {
        const packets = bodies.map((body, index) =>
          encodePacket({ ...HEADER, sequence: index }, body, SECRET),
        )
        const octets = Buffer.concat(packets)
        const stream = new PacketStream(60)
        const found: string[] = []
        for (let at = 0, step = 0; at < octets.length; step += 1) {
          const size = sizes[step % sizes.length] as number // not empty
          for (const packet of stream.push(octets.subarray(at, at + size))) found.push(toHex(value(packet)))
          at += size
        }
        assert.deepEqual(found, packets.map(toHex))
      },
    ),
    runs,
  )
})

test('fail/a stream keeps no more than a packet of the allowed length', () => {
  const stream = new PacketStream(10)
  const long = encodePacket(HEADER, new Uint8Array(11), SECRET)
  assert.deepEqual(stream.push(long.subarray(0, 12)).map(faultOf), ['too-long'])
  assert.deepEqual(stream.push(encodePacket(HEADER, NOTHING, SECRET)), [], 'nothing is taken after a fault')
  assert.deepEqual(new PacketStream(10).push(fromUtf8('SSH-2.0-OpenSSH_9.2')).map(faultOf), ['not-tacacs'])
})
