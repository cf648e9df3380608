import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOnTheWire } from './path.ts'

test('every number fits the field it is written in', () => {
  const vendor = { name: 'V', id: 70_000, typeSize: 2, lengthSize: 1, continuation: false } as const
  assert.equal(isOnTheWire([255], undefined), true)
  assert.equal(isOnTheWire([256], undefined), false)
  assert.equal(isOnTheWire([26, 70_000, 0xffff], vendor), true)
  assert.equal(isOnTheWire([26, 70_000, 0x10000], vendor), false)
  assert.equal(isOnTheWire([26, 70_000, 1, 256], vendor), false)
  assert.equal(isOnTheWire([241, 26, 70_000, 255], vendor), true)
  assert.equal(isOnTheWire([241, 26, 70_000, 256], vendor), false)
})
