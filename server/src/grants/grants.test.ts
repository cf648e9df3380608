import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import { Grants } from './grants.ts'

const NEVER = new Promise<never>(() => {})

function played() {
  const calls: string[] = []
  const errors: unknown[] = []
  const log = { error: (line: unknown) => errors.push(line) } as unknown as Logger // what the loops use
  const start = (over: { readonly some?: () => Promise<void>; readonly settled?: Promise<void> }) =>
    Grants.start({
      intake: {
        some: over.some ?? (async () => {}),
        all: async (sweep) => {
          calls.push(sweep ? 'sweep' : 'all')
          return sweep ? 'sweep' : 'nothing'
        },
        stop: () => calls.push('stop'),
      },
      outbox: {
        due: async () => [],
        send: async () => {
          calls.push('send')
          return 0
        },
        settled: () => over.settled ?? Promise.resolve(),
      },
      store: {
        releaseClaims: async () => {
          calls.push('release')
        },
        retain: async () => {
          calls.push('retain')
          return 0
        },
      },
      clock: systemClock,
      log,
      settings: () => ({ sweepSeconds: 1, keepDays: 30 }),
    })
  return { calls, errors, start }
}

test('ok/lets go of what a dead process held, looks, sweeps, sends, and tidies up', async () => {
  const { calls, start } = played()
  const grants = await start({})
  await delay(1700)
  await grants.close()
  assert.equal(calls[0], 'release')
  for (const call of ['all', 'sweep', 'retain', 'send']) assert.ok(calls.includes(call), call)
  assert.equal(calls.at(-1), 'stop')
})

test('fail/a loop that fails is tried again, says so once, and holds up no other', async () => {
  const { calls, errors, start } = played()
  let tries = 0
  const grants = await start({
    some: async () => {
      tries++
      throw new Error('no database')
    },
  })
  await delay(1700)
  await grants.close()
  assert.ok(tries >= 2, `${tries}`)
  assert.equal(errors.length, 1)
  assert.ok(calls.includes('send'))
})

test('ok/closes at once, also while a device is silent', async () => {
  const { start } = played()
  const grants = await start({ settled: NEVER })
  const startedAt = performance.now()
  await grants.close()
  assert.ok(performance.now() - startedAt < 1500)
})
