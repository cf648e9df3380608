import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Metrics, renderMetrics } from './metrics.ts'

test('metrics of several threads add up under one name', async () => {
  const threads = [new Metrics(), new Metrics()]
  for (const [index, metrics] of threads.entries()) {
    metrics.counter('logins_total', 'Logins', ['outcome']).inc({ outcome: 'accept' }, index + 1)
    metrics.gauge('conversations', 'Open conversations', () => 10)
    metrics.latency('login', 'Time of a login').observe(0.002)
  }
  const snapshots = await Promise.all(threads.map((metrics) => metrics.snapshot()))
  const text = await renderMetrics(snapshots.map((snapshot) => structuredClone(snapshot)))
  assert.match(text, /sallyport_logins_total\{outcome="accept"\} 3/)
  assert.match(text, /sallyport_conversations 20/)
  assert.match(text, /sallyport_login_seconds_count 2/)
})
