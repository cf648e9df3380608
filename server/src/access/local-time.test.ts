import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalTime } from './local-time.ts'

test('hour and weekday follow the time zone, also across midnight, daylight saving and half hours', () => {
  const berlin = new LocalTime('Europe/Berlin')
  assert.deepEqual(berlin.at(Date.parse('2026-01-04T23:30:00Z')), { hour: 0, weekday: 1 })
  assert.deepEqual(berlin.at(Date.parse('2026-07-05T21:59:59Z')), { hour: 23, weekday: 7 })
  assert.deepEqual(berlin.at(Date.parse('2026-07-05T22:00:00Z')), { hour: 0, weekday: 1 })
  assert.deepEqual(new LocalTime('Asia/Kolkata').at(Date.parse('2026-01-05T18:30:00Z')), {
    hour: 0,
    weekday: 2,
  })
})
