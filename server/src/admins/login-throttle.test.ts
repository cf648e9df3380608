import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '../kernel/clock.ts'
import { LoginThrottle } from './login-throttle.ts'

describe('login throttle', () => {
  it('ok/waits grow to fifteen minutes and no further', () => {
    const throttle = new LoginThrottle(new FakeClock())
    const delays = Array.from({ length: 16 }, () => {
      throttle.tried('ada', 'here')
      return throttle.delay('ada', 'here') / 1000
    })
    assert.deepEqual(delays.slice(0, 6), [0, 0, 1, 2, 4, 8])
    assert.equal(delays.at(-1), 900)
  })

  it('ok/an hour without a try forgets', () => {
    const clock = new FakeClock()
    const throttle = new LoginThrottle(clock)
    for (let i = 0; i < 9; i++) throttle.tried('ada', 'here')
    clock.advance(3_600_001)
    throttle.tried('ada', 'here')
    assert.equal(throttle.delay('ada', 'here'), 0)
  })

  it('ok/strangers cannot make the table grow without bound', () => {
    const throttle = new LoginThrottle(new FakeClock())
    for (let i = 0; i < 3; i++) throttle.tried('first', 'here')
    for (let i = 0; i < 10_000; i++) throttle.tried(`made-up-${i}`, 'here')
    assert.equal(throttle.delay('first', 'here'), 0, 'the oldest made room')
    for (let i = 0; i < 2; i++) throttle.tried('made-up-9999', 'here')
    assert.equal(throttle.delay('made-up-9999', 'here'), 1000, 'the newest is kept')
  })
})
