import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReplyCache, RUNNING } from './reply-cache.ts'

const reply = Uint8Array.of(2, 1)

test('a running request is told apart from an answered one and from a new one', () => {
  const cache = new ReplyCache()
  assert.equal(cache.find('a'), undefined)
  cache.begin('a', 0)
  assert.equal(cache.find('a'), RUNNING)
  cache.finish('a', reply)
  assert.equal(cache.find('a'), reply)
})

test('an answer lives for at least one lifetime and at most two', () => {
  const cache = new ReplyCache({ lifetimeMilliseconds: 5000 })
  cache.begin('a', 0)
  cache.finish('a', reply)
  cache.begin('b', 5000)
  assert.equal(cache.find('a'), reply)
  cache.begin('c', 10_000)
  assert.equal(cache.find('a'), undefined)
})

test('distinct requests cannot grow the cache beyond its capacity', () => {
  const cache = new ReplyCache({ capacity: 100 })
  for (let i = 0; i < 10_000; i++) cache.begin(String(i), 0)
  assert.ok(cache.size <= 100)
  assert.equal(cache.find('9999'), RUNNING)
})

test('a request that was left without an answer may be tried again', () => {
  const cache = new ReplyCache()
  cache.begin('a', 0)
  cache.forget('a')
  assert.equal(cache.find('a'), undefined)
})

test('an answer that comes after its request was forgotten is not kept', () => {
  const cache = new ReplyCache({ capacity: 2 })
  cache.begin('a', 0)
  cache.begin('b', 0)
  cache.begin('c', 0)
  cache.finish('a', reply)
  assert.ok(cache.size <= 2)
})
