import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineBudget } from './line-budget.ts'

test('lines beyond the budget of a second are left out, and counted in the next one', () => {
  const budget = new LineBudget(2)
  assert.deepEqual(
    [0, 1, 2, 999].map((now) => budget.take(now)),
    [0, 0, undefined, undefined],
  )
  assert.deepEqual(
    [1000, 1001, 1002].map((now) => budget.take(now)),
    [2, 0, undefined],
  )
})
