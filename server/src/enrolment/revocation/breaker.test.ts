import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Breakers } from './breaker.ts'

test('ok/after three failures a host is left alone for half a minute, then asked once', () => {
  let now = 0
  const breakers = new Breakers(() => now)
  for (let count = 0; count < 3; count++) {
    assert.equal(breakers.allows('a'), true)
    breakers.failed('a')
  }
  assert.deepEqual([breakers.allows('a'), breakers.isOpen('a'), breakers.allows('b')], [false, true, true])
  now = 29_999
  assert.equal(breakers.allows('a'), false)
  now = 30_000
  assert.deepEqual([breakers.allows('a'), breakers.allows('a')], [true, false])
  breakers.failed('a')
  assert.equal(breakers.allows('a'), false)
  now = 60_000
  assert.equal(breakers.allows('a'), true)
  breakers.succeeded('a')
  assert.deepEqual([breakers.allows('a'), breakers.allows('a'), breakers.isOpen('a')], [true, true, false])
})
