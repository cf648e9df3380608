import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GuessLimit, networkOf } from './guess-limit.ts'

function house() {
  let now = 1_000_000
  const limit = new GuessLimit(() => now)
  const fail = (address: string, times: number): void => {
    for (let time = 0; time < times; time++) limit.failed(address)
  }
  return { limit, fail, pass: (milliseconds: number) => (now += milliseconds) }
}

test('fail/the eleventh guess of an address waits, and others do not', () => {
  const { limit, fail, pass } = house()
  fail('192.0.2.1', 9)
  assert.equal(limit.waitOf('192.0.2.1'), 0)
  fail('192.0.2.1', 1)
  assert.equal(limit.waitOf('192.0.2.1'), 30_000)
  assert.equal(limit.waitOf('::ffff:192.0.2.1'), 30_000)
  assert.equal(limit.waitOf('192.0.2.2'), 0)
  pass(29_999)
  assert.equal(limit.waitOf('192.0.2.1'), 1)
  pass(1)
  assert.equal(limit.waitOf('192.0.2.1'), 0)
})

test('fail/all addresses of one IPv6 network count together', () => {
  const { limit, fail } = house()
  for (let host = 0; host < 10; host++) fail(`2001:db8::${host + 1}`, 1)
  assert.ok(limit.waitOf('2001:db8:0:0:ffff::1') > 0)
  assert.equal(limit.waitOf('2001:db8:0:1::1'), 0)
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
})

test('ok/the table does not grow without end, and the newest stay', () => {
  const { limit, fail } = house()
  for (let at = 0; at < 6000; at++) limit.failed(`10.0.${at >> 8}.${at & 255}`)
  assert.equal(limit.size, 4096)
  fail('10.0.23.111', 9)
  assert.ok(limit.waitOf('10.0.23.111') > 0)
})
