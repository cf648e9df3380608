import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PolicyMemory } from './policy-memory.ts'

const HOUR = 3_600_000

test('ok/unchanged is what the caller got after the last change; fail/everything else', () => {
  const memory = new PolicyMemory()
  const now = 100 * HOUR
  assert.equal(memory.isUnchanged('a', 'x', undefined, now), false)
  assert.equal(memory.isUnchanged('a', 'x', now + HOUR, now + 2 * HOUR), true)
  // Somebody else, another content, a time before the change, a clock that runs ahead.
  assert.equal(memory.isUnchanged('b', 'x', now + HOUR, now + 2 * HOUR), false)
  assert.equal(memory.isUnchanged('a', 'x', now - HOUR, now + 2 * HOUR), false)
  assert.equal(memory.isUnchanged('a', 'x', now + 3 * HOUR, now + 2 * HOUR), false)
  assert.equal(memory.isUnchanged('a', 'y', now + HOUR, now + 2 * HOUR), false)
  assert.equal(memory.isUnchanged('a', 'y', now + HOUR, now + 4 * HOUR), false)
  assert.equal(memory.isUnchanged('a', 'y', now + 3 * HOUR, now + 4 * HOUR), true)
})

test('ok/a table that does not grow without end', () => {
  const memory = new PolicyMemory()
  for (let caller = 0; caller < 10_100; caller++) memory.isUnchanged(String(caller), 'x', undefined, 0)
  assert.equal(memory.size, 10_000)
})
