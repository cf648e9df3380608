import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { attribute, PacketCode } from '@sallyport/radius'
import { NasIdentifier, UserName } from '@sallyport/radius/attributes'
import { accounting, request } from '../../../test/requests.ts'
import { Metrics } from '../../kernel/metrics.ts'
import { reason } from '../../reasons/index.ts'
import { ClientMonitor } from './client-monitor.ts'
import { nasIdentifierHint } from './nas-identifier-hint.ts'

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

suite('strangers', () => {
  test('ok/what kinds of packets came, and what the device calls itself', () => {
    const monitor = new ClientMonitor(new Metrics())
    const login = request([attribute(UserName, 'x'), attribute(NasIdentifier, 'switch-7')])
    monitor.stranger('192.0.2.9', accounting(), 1000)
    monitor.stranger('192.0.2.9', login, 2000)
    monitor.stranger('192.0.2.9', request([], { code: PacketCode.StatusServer }), 3000)
    assert.deepEqual(monitor.snapshot().strangers, [
      [
        '192.0.2.9',
        {
          ...{ count: 3, firstSeenAt: 1000, lastSeenAt: 3000 },
          ...{ access: 1, accounting: 1, other: 1, nasIdentifier: 'switch-7' },
        },
      ],
    ])
  })

  test('fail/a hint of hostile octets: nothing, or printable and short', () => {
    const hint = (...attributes: readonly (readonly number[])[]): string | undefined =>
      nasIdentifierHint(Uint8Array.from([...new Array(20).fill(0), ...attributes.flat()]))
    assert.equal(hint([32, 6, 0x1b, 0x5b, 0x41, 0x00]), '?[A?')
    assert.equal(hint([32, 255, ...new Array(253).fill(0x41)])?.length, 64)
    assert.equal(hint([32, 0]), undefined)
    assert.equal(hint([1, 1], [32, 3, 0x41]), undefined)
    assert.equal(hint([32, 200, 0x41]), undefined)
    assert.equal(hint(...new Array(64).fill([1, 2]), [32, 3, 0x41]), undefined)
    assert.equal(nasIdentifierHint(new Uint8Array(3)), undefined)
  })

  test('fail/100,000 spoofed addresses do not push out one that keeps asking', () => {
    const monitor = new ClientMonitor(new Metrics())
    const datagram = request([attribute(NasIdentifier, 'real')])
    for (const now of [0, 5000, 10_000]) monitor.stranger('192.0.2.9', datagram, now)
    for (let n = 0; n < 100_000; n++) {
      monitor.stranger(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, datagram, 10_000 + n / 100)
    }
    const { strangers } = monitor.snapshot()
    assert.ok(strangers.length <= 1000)
    assert.ok(strangers.some(([address]) => address === '192.0.2.9'))
  })
})
