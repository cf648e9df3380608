import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../kernel/clock.ts'
import { AccountingForwarder } from './accounting-forwarder.ts'
import type { ForwardedAccounting } from './forwarded-accounting-store.ts'
import type { Upstreams } from './upstreams.ts'

const ATTRIBUTES = Uint8Array.of(44, 6, 48, 48, 48, 49)
const TURNS = 50

/** `endless`: a group whose devices report faster than it is served. `silent`: one that never answers. */
function open() {
  let id = 0
  const delivered: string[] = []
  const expired: number[] = []
  const group = new Map<number, string>()
  const forwarder = new AccountingForwarder({
    upstreams: {
      isAlive: () => true,
      ask: async (name: string) => {
        if (name === 'silent') await new Promise(() => {})
        // As long as a real one: a turn of the event loop.
        await new Promise(setImmediate)
        return { kind: 'reply' }
      },
    } as unknown as Upstreams, // the two methods the forwarder uses
    groups: () => ['silent', 'endless', 'quiet'],
    reader: {
      heads: async (name) => {
        const isOver = name === 'quiet' && delivered.includes('quiet')
        if (isOver) return []
        group.set(++id, name)
        const row = { id, upstream_group: name, attributes: ATTRIBUTES, received_at: 0, attempts: 0 }
        return [row as unknown as ForwardedAccounting] // what the forwarder looks at
      },
    },
    writer: {
      delivered: async (ids) => {
        for (const each of ids) delivered.push(group.get(each) ?? '')
      },
      later: async () => {},
      expire: async (before) => {
        expired.push(before)
        return 0
      },
    },
    keepMilliseconds: () => 1000,
    clock: new FakeClock(10_000),
    log: { error: () => {} } as never,
    count: () => {},
  })
  return { forwarder, delivered, expired }
}

test('fail/a group that is never done, or never answers, holds up no other, nor the giving up', async (context) => {
  const { forwarder, delivered, expired } = open()
  // Not waited for: the silent one is never done.
  context.after(() => void forwarder.close())
  for (let turn = 0; turn < TURNS; turn++) {
    forwarder.tick()
    await new Promise(setImmediate)
  }
  assert.ok(delivered.includes('endless'))
  assert.ok(delivered.includes('quiet'))
  assert.deepEqual(expired, [9000])
})
