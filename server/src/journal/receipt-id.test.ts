import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../kernel/clock.ts'
import { instantOf, RECEIPT_ID, ReceiptIds } from './receipt-id.ts'

test('ids sort as they were made, also within a millisecond and when the clock is set back', () => {
  const clock = new FakeClock('2026-01-05T10:00:00Z')
  const ids = new ReceiptIds(clock)
  const made: string[] = []
  for (let i = 0; i < 1000; i++) {
    made.push(ids.next())
    if (i % 100 === 0) clock.advance(1)
    if (i === 500) clock.advance(-60_000)
  }
  assert.deepEqual(made, [...made].sort())
  assert.equal(new Set(made).size, made.length)
  for (const id of made) assert.match(id, RECEIPT_ID)
  assert.equal(instantOf(made[0] ?? ''), Date.parse('2026-01-05T10:00:00Z'))
})

test('two threads never make the same id', () => {
  const clock = new FakeClock()
  const [a, b] = [new ReceiptIds(clock), new ReceiptIds(clock)]
  assert.notEqual(a.next(), b.next())
})
