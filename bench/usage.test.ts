import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { cpuSeconds, residentMegabytes } from './usage.ts'

test('CPU time and memory of this process are those it sees itself', () => {
  const { user, system } = process.cpuUsage()
  assert.ok(Math.abs(cpuSeconds(process.pid) - (user + system) / 1e6) < 0.25)
  const own = process.memoryUsage().rss / 1e6
  assert.ok(Math.abs(residentMegabytes(process.pid) - own) < own / 4)
})

test('CPU time of a child that ended still counts', () => {
  const before = cpuSeconds(process.pid) - process.cpuUsage().user / 1e6
  spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 300_000);'])
  const after = cpuSeconds(process.pid) - process.cpuUsage().user / 1e6
  assert.ok(after - before >= 0.25, `${after - before} s`)
})
