import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, oursBelow, ratioAtLeast, ratioAtMost, row } from './row.ts'

const runs = (...values: number[]) => values.map((value) => ({ value }))

test('a row compares medians and keeps every run', () => {
  const made = row(
    {
      case: 'pap',
      unit: '/s',
      goal: ratioAtLeast(1),
      runs: { ours: runs(90, 10, 100), peer: runs(50, 40, 60, 1000) },
    },
    ({ value }) => value,
  )
  assert.equal(made.ours, 90)
  assert.equal(made.peer, 55)
  assert.equal(made.ratio, 90 / 55)
  assert.equal(made.met, true)
  assert.deepEqual(made.runs, { ours: [90, 10, 100], peer: [50, 40, 60, 1000] })
})

test('a goal that needs a peer is not met without one', () => {
  for (const goal of [ratioAtLeast(1), ratioAtMost(1)]) {
    const made = row(
      { case: 'pap', unit: '/s', goal, runs: { ours: runs(90), peer: [] } },
      (run) => run.value,
    )
    assert.equal(made.ratio, undefined)
    assert.equal(made.met, false)
    assert.equal(made.peerName, '')
  }
})

test('a peer of nought makes no ratio', () => {
  const made = row({ case: 'idle', unit: 'ms', runs: { ours: runs(1), peer: runs(0) } }, (run) => run.value)
  assert.equal(made.ratio, undefined)
  assert.equal(made.met, undefined)
})

test('goals hold at their bound, those for ours alone below it', () => {
  assert.equal(ratioAtLeast(3).isMet(0, 3), true)
  assert.equal(ratioAtLeast(3).isMet(0, 2.99), false)
  assert.equal(ratioAtMost(1).isMet(0, 1), true)
  assert.equal(ratioAtMost(1).isMet(0, 1.01), false)
  assert.equal(oursBelow(200, 'MB').isMet(200, undefined), false)
})

test('nothing has no median', () => {
  assert.throws(() => median([]), /median of nothing/)
})
