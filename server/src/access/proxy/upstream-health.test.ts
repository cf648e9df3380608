import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UpstreamHealth } from './upstream-health.ts'

const health = () => new UpstreamHealth({ deadTimeMilliseconds: 60_000 }, 0)

test('ok/a request without an answer proves nothing while others are answered', () => {
  const upstream = health()
  upstream.heard(150, false)
  upstream.unanswered(100, 3100, false)
  assert.equal(upstream.state, 'up')
})

test('fail/nothing heard since: dead, and asked again after the dead time, one request at a time', () => {
  const upstream = health()
  upstream.unanswered(100, 3100, false)
  assert.equal(upstream.rank(3200), undefined)
  assert.equal(upstream.rank(63_099), undefined)
  assert.equal(upstream.rank(63_100), 0)
  upstream.asked()
  assert.equal(upstream.rank(63_101), undefined)
  upstream.unanswered(63_100, 66_000, false)
  assert.equal(upstream.rank(66_001), undefined)
  assert.equal(upstream.rank(126_000), 0)
  upstream.heard(126_001, false)
  assert.equal(upstream.state, 'up')
})

test('ok/who answers Status-Server is suspected first, and says itself when it is back', () => {
  const upstream = health()
  upstream.heard(50, true)
  upstream.unanswered(100, 3100, false)
  assert.equal(upstream.state, 'suspect')
  assert.equal(upstream.rank(3101), 1)
  upstream.unanswered(3200, 6000, true)
  assert.equal(upstream.state, 'dead')
  assert.equal(upstream.rank(600_000), undefined)
  upstream.heard(600_001, true)
  assert.equal(upstream.rank(600_002), 0)
})

test('ok/a Status-Server that never was answered condemns nobody (NPS answers none)', () => {
  const upstream = health()
  upstream.unanswered(100, 3100, true)
  assert.equal(upstream.state, 'up')
})
