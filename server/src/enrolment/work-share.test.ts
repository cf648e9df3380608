import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../kernel/clock.ts'
import { WorkShare } from './work-share.ts'

test('ok/work is done until the share of the second is spent, and again in the next', () => {
  const clock = new FakeClock()
  const share = new WorkShare(() => clock.monotonic(), 100)
  const work = (milliseconds: number) => share.run(() => clock.advance(milliseconds))
  assert.equal(share.isSpent, false)
  work(60)
  assert.equal(share.isSpent, false)
  work(60)
  assert.equal(share.isSpent, true)
  clock.advance(1000)
  assert.equal(share.isSpent, false)
})

test('fail/what fails is counted too, and what took longer than the share is made up for', () => {
  const clock = new FakeClock()
  const share = new WorkShare(() => clock.monotonic(), 100)
  assert.equal(share.isSpent, false)
  assert.throws(() =>
    share.run(() => {
      clock.advance(250)
      throw new Error('no')
    }),
  )
  assert.equal(share.isSpent, true)
  clock.advance(1000)
  assert.equal(share.isSpent, true)
  clock.advance(1000)
  assert.equal(share.isSpent, false)
})
