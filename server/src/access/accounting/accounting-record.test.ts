import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Attribute, attribute, encodeRequest, inspect, PacketCode, Secret } from '@sallyport/radius'
import {
  AcctDelayTime,
  AcctInputGigawords,
  AcctInputOctets,
  AcctSessionId,
  AcctStatusType,
  Class,
  EventTimestamp,
  NasIdentifier,
  NasIpAddress,
} from '@sallyport/radius/attributes'
import { type AccountingRead, readAccountingRecord } from './accounting-record.ts'

const secret = new Secret('secret of the gateway')
const NOW = Date.parse('2026-01-05T09:30:00Z')
const [START, STOP, INTERIM, ON, OFF] = [1, 2, 3, 7, 8]
const SESSION = attribute(AcctSessionId, '0001')

function read(
  attributes: readonly Attribute[],
  { sourceAddress = '192.0.2.1', receivedAt = NOW } = {},
): AccountingRead {
  const datagram = encodeRequest({ code: PacketCode.AccountingRequest, id: 1, secret, attributes })
  const inspected = inspect(datagram)
  assert.ok(inspected.ok)
  return readAccountingRecord(inspected.packet, { client: 'gateway', sourceAddress, receivedAt })
}

function recordOf(...args: Parameters<typeof read>) {
  const result = read(...args)
  assert.ok(result.ok)
  return result.record
}

function status(value: number): Attribute {
  return attribute(AcctStatusType, value)
}

test('RFC 2866 section 5.13: Accounting-On and -Off carry an Acct-Session-Id and are about no session', () => {
  for (const value of [ON, OFF]) {
    const record = recordOf([status(value), SESSION])
    assert.equal(record.sessionKey, null)
    assert.equal(record.acctSessionId, '0001')
    assert.equal(recordOf([status(value)]).sessionKey, null)
  }
  assert.notEqual(recordOf([status(START), SESSION]).sessionKey, null)
})

test('what an Accounting-Request must have', () => {
  assert.deepEqual(read([SESSION]), { ok: false, fault: 'no-status-type' })
  assert.deepEqual(read([status(START)]), { ok: false, fault: 'no-session-id' })
})

test('sessions that a NAS counts lie together in an index, and no two are one', () => {
  const keyOf = (id: string): string =>
    recordOf([status(START), attribute(AcctSessionId, id)]).sessionKey ?? ''
  const ids = ['0a3f00000000c0fe', '0a3f00000000c0ff', '0a3f00000000c100']
  const keys = ids.map(keyOf)
  assert.deepEqual(keys.toSorted(), keys)
  for (const key of keys) assert.match(key, /^[0-9a-f]{16}-[0-9a-f]{32}$/, 'as the cursor of a list takes it')
  // Case, other characters and what comes before the last digits are told apart by the digest alone.
  const alike = ['0a', '0A', '0-a', 'x0a']
  assert.equal(new Set(alike.map(keyOf)).size, alike.length)
  assert.match(keyOf('x'), /^0-[0-9a-f]{32}$/, 'nothing that a command would take for a flag')
  assert.notEqual(keyOf(`1${'0'.repeat(16)}`), keyOf(`2${'0'.repeat(16)}`))
})

test('the reports of one session belong together, those of another NAS do not', () => {
  const nas = attribute(NasIdentifier, 'vpn-1')
  const { sessionKey } = recordOf([status(START), SESSION, nas])
  assert.equal(recordOf([status(STOP), SESSION, nas], { sourceAddress: '192.0.2.7' }).sessionKey, sessionKey)
  assert.notEqual(recordOf([status(STOP), SESSION, attribute(NasIdentifier, 'vpn-2')]).sessionKey, sessionKey)
  const byAddress = recordOf([status(START), SESSION, attribute(NasIpAddress, '10.0.0.1')])
  assert.notEqual(byAddress.sessionKey, recordOf([status(START), SESSION]).sessionKey)
})

test('RFC 2869 section 5.1: 64-bit counters come in two halves', () => {
  const halves = [attribute(AcctInputOctets, 2000), attribute(AcctInputGigawords, 3)]
  assert.equal(recordOf([status(STOP), SESSION, ...halves]).inputOctets, 3 * 2 ** 32 + 2000)
  assert.equal(recordOf([status(STOP), SESSION]).inputOctets, null)
})

test('an event happened when the NAS says, else before the delay it names', () => {
  const at = new Date('2026-01-05T09:00:00Z')
  assert.equal(recordOf([status(START), SESSION, attribute(EventTimestamp, at)]).eventAt, at.getTime())
  assert.equal(recordOf([status(START), SESSION, attribute(AcctDelayTime, 30)]).eventAt, NOW - 30_000)
  assert.equal(recordOf([status(START), SESSION]).eventAt, NOW)
})

test('the time that tells events apart is (Event-Timestamp, else arrival) minus Acct-Delay-Time', () => {
  const at = new Date('2026-01-05T09:00:00Z')
  const stamp = attribute(EventTimestamp, at)
  const delay = attribute(AcctDelayTime, 30)
  assert.equal(recordOf([status(START), SESSION, stamp]).eventSeconds, at.getTime() / 1000)
  assert.equal(recordOf([status(START), SESSION, stamp, delay]).eventSeconds, at.getTime() / 1000 - 30)
  assert.equal(recordOf([status(START), SESSION, delay]).eventSeconds, NOW / 1000 - 30)
})

test('a NAS that believes it is 1970, or next year, has no clock', () => {
  for (const wrong of ['1970-01-01T00:00:10Z', '2027-01-05T09:30:00Z']) {
    const record = recordOf([status(START), SESSION, attribute(EventTimestamp, new Date(wrong))])
    assert.equal(record.eventAt, NOW, wrong)
  }
})

test('a retransmission has the key of the first, whatever its delay; the next report has another', () => {
  const interim = [status(INTERIM), SESSION, attribute(AcctInputOctets, 1)]
  const { eventKey, eventSeconds } = recordOf(interim)
  const later = { receivedAt: NOW + 5000 }
  const again = recordOf([...interim, attribute(AcctDelayTime, 5)], later)
  assert.deepEqual([again.eventKey, again.eventSeconds], [eventKey, eventSeconds])
  const next = [status(INTERIM), SESSION, attribute(AcctInputOctets, 2)]
  assert.notEqual(recordOf(next, later).eventKey, eventKey)
  const otherClass = attribute(Class, new Uint8Array([1]))
  assert.notEqual(recordOf([...interim, otherClass]).eventKey, eventKey)
})
