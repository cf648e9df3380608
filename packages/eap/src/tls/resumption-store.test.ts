import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ResumptionStore } from './resumption-store.ts'

const conversation = (identity: string) => ({ identity, proof: identity, peerChain: [] })

test('keeps a conversation for its lifetime, and not longer for having been resumed', () => {
  let now = 1000
  const store = new ResumptionStore({ now: () => now, lifetimeSeconds: 10 })
  store.keep('a', conversation('alice'))
  now += 9000
  assert.equal(store.find('a')?.identity, 'alice')
  store.keep('a', conversation('alice'), store.until('a'))
  now += 1000
  assert.equal(store.find('a'), undefined)
  assert.equal(store.size, 0)
})

test('is bounded: the least recently used makes room', () => {
  const store = new ResumptionStore({ now: () => 0, capacity: 2 })
  store.keep('a', conversation('alice'))
  store.keep('b', conversation('bob'))
  store.find('a')
  store.keep('c', conversation('carol'))
  assert.equal(store.size, 2)
  assert.equal(store.find('b'), undefined)
  assert.equal(store.find('a')?.identity, 'alice')
  store.keep('a', conversation('alice again'))
  assert.equal(store.size, 2)
})

test('forgets', () => {
  const store = new ResumptionStore({ now: () => 0 })
  store.keep('a', conversation('alice'))
  store.forget('a')
  assert.equal(store.find('a'), undefined)
})

test('the peers that get full handshakes are bounded too', () => {
  const store = new ResumptionStore({ now: () => 0 })
  for (let i = 0; i <= 10_000; i++) store.demandFullHandshake(`peer ${i}`)
  assert.equal(store.needsFullHandshake('peer 0'), false)
  assert.equal(store.needsFullHandshake('peer 1'), true)
  assert.equal(store.needsFullHandshake('peer 10000'), true)
})
