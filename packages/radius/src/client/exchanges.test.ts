import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserName } from '../attributes/index.generated.ts'
import {
  attribute,
  encodeReply,
  inspect,
  PacketCode,
  type PacketView,
  RadiusError,
  Secret,
} from '../index.ts'
import { type Exchange, Exchanges } from './exchanges.ts'
import { nextWait, RFC_5080_RULES } from './retransmission.ts'

const secret = new Secret('testing123')
const alice = [attribute(UserName, 'alice')]

function exchanges(overrides: { retries?: number; random?: () => number } = {}): Exchanges {
  return new Exchanges({
    secret,
    rules: { ...RFC_5080_RULES, retries: overrides.retries ?? 5 },
    requireMessageAuthenticator: true,
    random: overrides.random ?? (() => 0.5),
  })
}

function requestOf(exchange: Exchange): PacketView {
  const inspected = inspect(exchange.datagram)
  assert.ok(inspected.ok)
  return inspected.packet
}

function accept(exchange: Exchange, key = secret): Uint8Array {
  return encodeReply({
    code: PacketCode.AccessAccept,
    request: requestOf(exchange),
    secret: key,
    attributes: [],
  })
}

test('a verified reply ends its exchange, once', () => {
  const client = exchanges()
  const exchange = client.start(PacketCode.AccessRequest, alice, 0)
  const reply = accept(exchange)
  const received = client.receive(reply)
  assert.equal(received.kind, 'reply')
  assert.equal(client.size, 0)
  assert.deepEqual(client.receive(reply), { kind: 'ignored', reason: 'no-such-request' })
})

test('a forged reply does not end it, and is remembered', () => {
  const client = exchanges()
  const exchange = client.start(PacketCode.AccessRequest, alice, 0)
  const forged = accept(exchange, new Secret('guess'))
  assert.deepEqual(client.receive(forged), { kind: 'ignored', reason: 'response-authenticator-invalid' })
  assert.deepEqual(client.receive(forged.subarray(0, 10)), { kind: 'ignored', reason: 'packet-too-short' })
  assert.equal(exchange.ignored, 'response-authenticator-invalid')
  assert.equal(client.receive(accept(exchange)).kind, 'reply')
})

test('RFC 5080 section 2.2.1: waits double, then stay at the longest, then the deadline ends it', () => {
  const client = exchanges({ retries: 99 })
  const exchange = client.start(PacketCode.AccessRequest, alice, 0)
  const times: number[] = []
  for (;;) {
    const at = client.nextDueAt
    assert.ok(at !== undefined)
    const [due] = client.due(at)
    times.push(at)
    if (due?.kind === 'gave-up') break
  }
  assert.deepEqual(times, [2000, 6000, 14_000, 30_000])
  assert.equal(exchange.attempts, 4)
  assert.equal(client.size, 0)
})

test('retries bound the attempts', () => {
  const client = exchanges({ retries: 1 })
  const exchange = client.start(PacketCode.AccessRequest, alice, 0)
  assert.deepEqual(client.due(1999), [])
  assert.deepEqual(client.due(2000), [{ kind: 'send-again', exchange }])
  assert.deepEqual(client.due(5999), [])
  assert.deepEqual(client.due(6000), [{ kind: 'gave-up', exchange }])
  assert.equal(client.nextDueAt, undefined)
})

test('the jitter is a tenth up or down', () => {
  assert.equal(nextWait(RFC_5080_RULES, 0, 0), 1800)
  assert.equal(nextWait(RFC_5080_RULES, 0, 1), 2200)
  assert.equal(nextWait(RFC_5080_RULES, 2000, 0), 3800)
  assert.equal(nextWait(RFC_5080_RULES, 2000, 1), 4200)
  assert.equal(nextWait(RFC_5080_RULES, 16_000, 0), 14_400)
  assert.equal(nextWait(RFC_5080_RULES, 16_000, 1), 17_600)
})

test('256 requests have 256 identifiers; the next one is refused until one is free', () => {
  const client = exchanges()
  const started = Array.from({ length: 256 }, () => client.start(PacketCode.AccessRequest, alice, 0))
  assert.equal(new Set(started.map(({ id }) => id)).size, 256)
  assert.throws(
    () => client.start(PacketCode.AccessRequest, alice, 0),
    (error) => error instanceof RadiusError && error.code === 'no-free-identifier',
  )
  const freed = started[99] as Exchange
  client.receive(accept(freed))
  assert.equal(client.start(PacketCode.AccessRequest, alice, 0).id, freed.id)
})

test('an identifier rests as long as it can', () => {
  const client = exchanges()
  const first = client.start(PacketCode.AccessRequest, alice, 0)
  client.receive(accept(first))
  assert.equal(client.start(PacketCode.AccessRequest, alice, 0).id, (first.id + 1) & 0xff)
})
