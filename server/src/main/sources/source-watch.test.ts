import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceSeen } from '../../identity/state/source-record.ts'
import type { Logger } from '../../kernel/logging.ts'
import { Metrics, renderMetrics } from '../../kernel/metrics.ts'
import { SourceWatch } from './source-watch.ts'

const START = Date.parse('2026-01-05T09:00:00Z')

function seen(state: SourceSeen['state'], more: Partial<SourceSeen> = {}): SourceSeen {
  return {
    ...{ source: 'ad', state, since: START, heardAt: START, answers: 1, unanswered: 2, servers: [] },
    outage: { silences: 0, offline: 0, clients: [] },
    ...more,
  }
}

function house() {
  const lines: string[] = []
  const warn = (_: unknown, line: string) => lines.push(line)
  const metrics = new Metrics()
  let answers: readonly (readonly [string, readonly SourceSeen[]])[] = []
  const watch = new SourceWatch({
    ask: async () => answers,
    now: () => START,
    log: { warn } as unknown as Logger, // the one method the watch calls
    metrics,
  })
  watch.close()
  const look = async (...byThread: SourceSeen[][]) => {
    answers = byThread.map((of, index) => [`worker ${index}`, of] as const)
    await watch.look()
  }
  return { lines, watch, look, metrics }
}

test('ok/one alarm when a source goes down, one when it is up again, with what it did to logins', async () => {
  const { lines, look } = house()
  await look([seen('up')], [seen('unused')])
  assert.deepEqual(lines, [])
  const lastError = { why: 'no answer within 2500 ms', at: START, servers: ['ldaps://dc1', 'ldaps://dc2'] }
  const down = seen('down', { lastError, heardAt: START + 1 })
  await look([down], [seen('up')])
  await look([down], [seen('up')])
  assert.deepEqual(lines, [
    'Identity source "ad" does not answer since 2026-01-05T09:00:00.000Z: no answer within 2500 ms (asked: ldaps://dc1, ldaps://dc2).',
  ])
  const clients = [{ client: 'wlc', silences: 3, lastAt: START }]
  const others = [
    { client: 'vpn', silences: 9, lastAt: START },
    { client: 'wlc', silences: 1, lastAt: START },
  ]
  const after = { since: START + 34_000, heardAt: START + 34_000 }
  await look(
    [seen('up', { ...after, outage: { silences: 3, offline: 2, clients } })],
    [seen('down', { outage: { silences: 10, offline: 0, clients: others } })],
  )
  assert.equal(
    lines[1],
    'Identity source "ad" answers again, after 34 s. 13 logins got no answer; RADIUS clients that may turn to another server: vpn (9), wlc (4). 2 logins were decided on what it had said before.',
  )
  assert.equal(lines.length, 2)
})

test('ok/the state is that of the thread that asked last, and a gauge says it', async () => {
  const { look, watch, metrics } = house()
  await look([seen('down', { heardAt: START + 5 })], [seen('up', { heardAt: START + 4 })])
  const status = (await watch.status()).get('ad')
  assert.deepEqual([status?.state, status?.answers, status?.threads.length], ['down', 2, 2])
  assert.match(await renderMetrics([await metrics.snapshot()]), /sallyport_source_up\{source="ad"\} 0/)
})

test('ok/a source that is configured no more ends its alarm', async () => {
  const { lines, look } = house()
  await look([seen('down')])
  await look([])
  await look([seen('up')])
  assert.equal(lines.length, 1)
})
