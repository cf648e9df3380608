import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Metrics } from '../../kernel/metrics.ts'
import { reason } from '../../reasons/index.ts'
import { ClientMonitor } from './client-monitor.ts'

test('drops are kept by client and reason, with what the last one showed', () => {
  const monitor = new ClientMonitor(new Metrics())
  for (const [user, at] of [
    ['alice', 1],
    ['bob', 2],
  ] as const) {
    const why = reason('message-authenticator-invalid', { client: 'wifi', user })
    monitor.dropped('wifi', '192.0.2.1', why, at)
  }
  monitor.dropped('wifi', '192.0.2.2', reason('client-disabled', { client: 'wifi' }), 3)
  const [[name, seen] = ['', undefined]] = monitor.snapshot().clients
  assert.equal(name, 'wifi')
  assert.deepEqual([...(seen?.drops.keys() ?? [])], ['message-authenticator-invalid', 'client-disabled'])
  assert.deepEqual(seen?.drops.get('message-authenticator-invalid'), {
    packets: 2,
    firstSeenAt: 1,
    lastSeenAt: 2,
    address: '192.0.2.1',
    reason: reason('message-authenticator-invalid', { client: 'wifi', user: 'bob' }),
  })
})

test('fail/a stranger leaves an address and a count, and a flood of them forgets the longest silent', () => {
  const monitor = new ClientMonitor(new Metrics())
  for (let n = 0; n < 1500; n++) {
    const address = `198.51.${n >> 8}.${n & 255}`
    monitor.stranger(address, n)
    monitor.dropped(undefined, address, reason('unknown-client', { address }), n)
  }
  const { clients, strangers } = monitor.snapshot()
  assert.equal(clients.length, 0)
  assert.equal(strangers.length, 1000)
})
