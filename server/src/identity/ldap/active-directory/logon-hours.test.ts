import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextLogonHoursEdge, utcText, withinLogonHours } from './logon-hours.ts'

const HOUR = 3_600_000
/** Monday 08:00 to 17:59 UTC. */
const MONDAY = new Uint8Array(21)
for (let hour = 24 + 8; hour < 24 + 18; hour++)
  MONDAY[hour >> 3] = (MONDAY[hour >> 3] ?? 0) | (1 << (hour & 7))
const at = (text: string): number => Date.parse(text)

test('ok/bits are hours of the week in UTC, Sunday first', () => {
  const cases: [string, boolean][] = [
    ['2026-01-05T07:59:59Z', false],
    ['2026-01-05T08:00:00Z', true],
    ['2026-01-05T17:59:59Z', true],
    ['2026-01-05T18:00:00Z', false],
    ['2026-01-06T08:00:00Z', false],
    ['2026-01-04T08:00:00Z', false],
  ]
  for (const [when, isIn] of cases) assert.equal(withinLogonHours(MONDAY, at(when)), isIn, when)
  assert.equal(utcText(at('2026-01-05T18:00:00Z')), 'Mon 18:00 UTC')
})

test('ok/when the answer changes next', () => {
  assert.equal(nextLogonHoursEdge(MONDAY, at('2026-01-05T09:30:00Z')), at('2026-01-05T18:00:00Z'))
  assert.equal(nextLogonHoursEdge(MONDAY, at('2026-01-05T18:30:00Z')), at('2026-01-12T08:00:00Z'))
  for (const hours of [undefined, new Uint8Array(21), new Uint8Array(21).fill(255)])
    assert.equal(nextLogonHoursEdge(hours, 5 * HOUR), undefined)
})

test('fail/hours that cannot be read never mean always', () => {
  assert.equal(withinLogonHours(undefined, 0), true)
  assert.equal(withinLogonHours(new Uint8Array(20).fill(255), 0), false)
  assert.equal(withinLogonHours(new Uint8Array(), 0), false)
})
