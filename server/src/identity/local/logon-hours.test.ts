import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allowsLogon, LocalWeek, parseLogonHours } from './logon-hours.ts'

function allowed(entries: readonly string[], at: string, timeZone = 'UTC'): boolean {
  const parsed = parseLogonHours(entries)
  assert.ok(parsed.ok)
  return allowsLogon(parsed.hours, new LocalWeek(timeZone).minuteOfWeek(Date.parse(at)))
}

test('spans begin and end on the minute, in local time', () => {
  const office = ['Mon-Fri 07:00-19:00']
  assert.equal(allowed(office, '2026-01-05T06:59:59Z'), false)
  assert.equal(allowed(office, '2026-01-05T07:00:00Z'), true)
  assert.equal(allowed(office, '2026-01-09T18:59:59Z'), true)
  assert.equal(allowed(office, '2026-01-09T19:00:00Z'), false)
  assert.equal(allowed(office, '2026-01-10T12:00:00Z'), false)
  assert.equal(allowed(office, '2026-01-05T06:00:00Z', 'Europe/Berlin'), true)
  // Summer time: 05:00 UTC is 07:00 in Berlin.
  assert.equal(allowed(office, '2026-07-06T05:00:00Z', 'Europe/Berlin'), true)
})

test('spans over midnight, over the end of the week, and whole days', () => {
  assert.equal(allowed(['22:00-06:00'], '2026-01-06T05:59:00Z'), true)
  assert.equal(allowed(['22:00-06:00'], '2026-01-06T06:00:00Z'), false)
  assert.equal(allowed(['Sun 22:00-06:00'], '2026-01-05T05:59:00Z'), true) // Monday
  assert.equal(allowed(['Sun 22:00-06:00'], '2026-01-06T05:59:00Z'), false)
  assert.equal(allowed(['Sat,Sun 00:00-24:00'], '2026-01-10T23:59:00Z'), true)
  assert.equal(allowed(['Fri-Mon 08:00-09:00'], '2026-01-11T08:30:00Z'), true)
  assert.equal(allowed(['Fri-Mon 08:00-09:00'], '2026-01-06T08:30:00Z'), false)
  assert.equal(allowed([], '2026-01-06T08:30:00Z'), false)
})

test('the moment is told in local time', () => {
  assert.equal(new LocalWeek('UTC').text(Date.parse('2026-01-05T06:05:59Z')), 'Mon 06:05')
  assert.equal(new LocalWeek('Europe/Berlin').text(Date.parse('2026-01-11T23:30:00Z')), 'Mon 00:30')
})

test('what is no span is named', () => {
  const bad = [
    '',
    'Mon',
    'Mon 7-19',
    'Mon 07:60-08:00',
    'Mon 24:00-08:00',
    'Mon 08:00-25:00',
    'Moon 08:00-09:00',
  ]
  for (const entry of bad) {
    assert.deepEqual(parseLogonHours(['Mon 08:00-09:00', entry]), { ok: false, fault: entry })
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseLogonHours([text])
    }),
    { seed: 1 },
  )
})
