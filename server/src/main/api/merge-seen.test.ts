import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeSeen } from './merge-seen.ts'

test('ok/what several workers saw of one stranger is one row, the latest first', () => {
  const first = { count: 2, firstSeenAt: 10, lastSeenAt: 20, access: 2, name: 'old' }
  const second = { count: 3, firstSeenAt: 5, lastSeenAt: 30, access: 1, name: 'new' }
  const other = { count: 1, firstSeenAt: 40, lastSeenAt: 40, access: 1, name: 'x' }
  const merged = mergeSeen(
    [
      [
        ['a', first],
        ['b', other],
      ],
      [['a', second]],
      [],
    ],
    (latest, before) => ({ ...latest, access: latest.access + before.access }),
  )
  assert.deepEqual(merged, [
    ['b', other],
    ['a', { count: 5, firstSeenAt: 5, lastSeenAt: 30, access: 3, name: 'new' }],
  ])
})
