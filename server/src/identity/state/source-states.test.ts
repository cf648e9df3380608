import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../kernel/clock.ts'
import { Metrics, renderMetrics } from '../../kernel/metrics.ts'
import type { AuthenticationOutcome, IdentitySource } from '../source.ts'
import { SourceStates } from './source-states.ts'
import { WatchedSource } from './watched-source.ts'

const DOWN: AuthenticationOutcome = { kind: 'unavailable', why: 'no answer', servers: ['up-1'] }

function house() {
  const clock = new FakeClock()
  const metrics = new Metrics()
  const states = new SourceStates(clock, metrics)
  let says: AuthenticationOutcome | Promise<AuthenticationOutcome> = DOWN
  const inner: IdentitySource = {
    ...{ name: 'hq', kind: 'radius', forms: new Set(['password', 'mschapv2'] as const) },
    authenticate: () => says,
  }
  const source = new WatchedSource(inner, states, new Set(['password']))
  const ask = async (outcome: typeof says, form: 'password' | 'certificate' = 'password') => {
    says = outcome
    const proof =
      form === 'password'
        ? ({ form, password: new Uint8Array(1) } as const)
        : ({ form, fingerprint: 'ff' } as const)
    return await source.authenticate('ada', proof, { wholeName: 'ada' })
  }
  const seen = () => {
    const [only] = states.seen()
    assert.ok(only !== undefined)
    return only
  }
  return { clock, metrics, states, source, ask, seen }
}

test('ok/a source is unused, up, down after two lost answers in a row, and up again at the first answer', async () => {
  const { clock, ask, seen } = house()
  assert.equal(seen().state, 'unused')
  await ask({ kind: 'wrong-password' })
  assert.equal(seen().state, 'up')
  await ask(DOWN)
  assert.equal(seen().state, 'up')
  clock.advance(1000)
  const began = clock.now()
  await ask(DOWN)
  assert.equal(seen().state, 'down')
  assert.equal(seen().since, began - 1000)
  assert.deepEqual(seen().lastError, { why: 'no answer', at: began, servers: ['up-1'] })
  clock.advance(5000)
  await ask({ kind: 'not-found' })
  assert.deepEqual([seen().state, seen().since], ['up', clock.now()])
})

test('ok/questions from before an answer are lost without a new outage', async () => {
  const { clock, ask, seen } = house()
  await ask(DOWN)
  await ask(DOWN)
  const late = [
    Promise.withResolvers<AuthenticationOutcome>(),
    Promise.withResolvers<AuthenticationOutcome>(),
  ]
  const waiting = late.map(({ promise }) => ask(promise))
  clock.advance(100)
  await ask({ kind: 'wrong-password' })
  for (const { resolve } of late) resolve(DOWN)
  await Promise.all(waiting)
  assert.equal(seen().state, 'up')
})

test('ok/an outage counts its silences by RADIUS client, and the next one begins anew', async () => {
  const { ask, states, seen, clock, metrics } = house()
  await ask(DOWN)
  states.silenced('hq', 'wlc')
  await ask(DOWN)
  states.silenced('hq', 'wlc')
  states.silenced('hq', 'vpn')
  states.servedOffline('hq', 'certificate')
  states.silenced('no-such-source', 'vpn')
  const lastAt = clock.now()
  const outage = {
    ...{ silences: 3, offline: 1 },
    clients: [
      { client: 'wlc', silences: 2, lastAt },
      { client: 'vpn', silences: 1, lastAt },
    ],
  }
  assert.deepEqual(seen().outage, outage)
  clock.advance(1)
  await ask({ kind: 'not-found' })
  assert.deepEqual(seen().outage, outage)
  await ask(DOWN)
  assert.deepEqual(seen().outage, { silences: 0, offline: 0, clients: [] })
  const text = await renderMetrics([await metrics.snapshot()])
  assert.match(text, /sallyport_source_silences_total\{source="hq",client="wlc"\} 2/)
  assert.match(text, /sallyport_source_offline_total\{source="hq",proof="certificate"\} 1/)
  assert.match(text, /sallyport_source_questions_total\{source="hq",outcome="unavailable"\} 3/)
})

test('ok/forms that another source checks tell nothing', async () => {
  const { ask, seen } = house()
  await ask(DOWN, 'certificate')
  await ask(DOWN, 'certificate')
  assert.deepEqual([seen().state, seen().unanswered], ['unused', 0])
})

test('fail/a source that throws gave no answer', async () => {
  const { ask, seen } = house()
  for (let time = 0; time < 2; time++) await assert.rejects(ask(Promise.reject(new Error('broken'))))
  assert.equal(seen().state, 'down')
})
