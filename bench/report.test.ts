import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from './report.ts'
import { oursBelow, ratioAtLeast, row } from './row.ts'

test('the table shows three digits and says which goal is missed', () => {
  const value = (run: { value: number }) => run.value
  const pap = row(
    {
      case: 'pap',
      unit: 'requests/s',
      goal: ratioAtLeast(1),
      runs: { ours: [{ value: 61234.4 }], peer: [{ value: 75000 }] },
    },
    value,
  )
  const memory = row(
    { case: 'memory', unit: 'MB', goal: oursBelow(200, 'MB'), runs: { ours: [{ value: 99.44 }], peer: [] } },
    value,
  )
  const idle = row({ case: 'idle', unit: 'ms', runs: { ours: [{ value: 1.234 }], peer: [] } }, value)
  assert.equal(
    table([pap, memory, idle]),
    [
      '| case | unit | ours | peer | peer name | ratio | goal | met |',
      '| --- | --- | ---: | ---: | --- | ---: | --- | --- |',
      '| pap | requests/s | 61,234 | 75,000 | FreeRADIUS | 0.82 | ratio >= 1 | **no** |',
      '| memory | MB | 99.4 |  |  |  | < 200 MB | yes |',
      '| idle | ms | 1.23 |  |  |  |  |  |',
    ].join('\n'),
  )
})
