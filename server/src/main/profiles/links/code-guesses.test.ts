import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodeGuesses } from './code-guesses.ts'

test('fail/one address waits after ten wrong codes; another does not', () => {
  const guesses = new CodeGuesses(() => 0)
  for (let i = 0; i < 10; i++) guesses.begin('192.0.2.1')
  assert.ok(guesses.waitOf('192.0.2.1') > 0)
  assert.equal(guesses.waitOf('192.0.2.2'), 0)
})

test('fail/a thousand addresses together get sixty tries a minute', () => {
  let now = 0
  const guesses = new CodeGuesses(() => now)
  let looked = 0
  for (let i = 0; i < 1000; i++) {
    const address = `198.51.${i >> 8}.${i & 255}`
    if (guesses.waitOf(address) > 0) continue
    looked++
    guesses.begin(address)
  }
  assert.equal(looked, 60)
  assert.equal(guesses.waitOf('192.0.2.1'), 60_000)
  now = 60_000
  assert.equal(guesses.waitOf('192.0.2.1'), 0)
})

test('ok/a right code counts for nothing, neither for its address nor for all', () => {
  const guesses = new CodeGuesses(() => 0)
  for (let i = 0; i < 100; i++) guesses.begin('192.0.2.1')()
  assert.equal(guesses.waitOf('192.0.2.1'), 0)
})
