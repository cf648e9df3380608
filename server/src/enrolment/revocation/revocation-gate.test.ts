import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import type { Certificate } from '@sallyport/pki'
import { FakeClock } from '../../kernel/clock.ts'
import type { CompiledAuthority } from '../client-certificate-check.ts'
import type { RevocationAnswer } from './revocation-answer.ts'
import { RevocationGate } from './revocation-gate.ts'

const NONE = { anchors: [], intermediates: [], crls: [] }
const RULES = { check: 'required', crlUrls: [], hosts: [], whenUnreachable: 'reject', graceHours: 1 } as const
const AUTHORITY = {
  name: 'partner',
  ...NONE,
  rules: { ...RULES, crlUrls: [], hosts: [] },
} as CompiledAuthority
/** The gate looks at nothing else of a path whose authority must be asked about. */
const path = (name: string) => [{ fingerprint: name, der: new Uint8Array() }] as unknown as Certificate[]

function bench(answer: () => Promise<RevocationAnswer>) {
  const clock = new FakeClock()
  const state = { asked: 0, changes: 0 }
  const gate = new RevocationGate({
    clock,
    changes: () => state.changes,
    ask: () => {
      state.asked++
      return answer()
    },
  })
  const check = async (name = 'x') => (await gate.check(AUTHORITY, path(name), clock.now())).kind
  return { clock, state, gate, check }
}

describe('the gate of a worker', () => {
  it('ok/asks once, remembers what is good until its time, and forgets where a list changes', async () => {
    let until = 0
    const { clock, state, gate, check } = bench(async () => ({ kind: 'good', until }))
    until = clock.now() + 1000
    assert.deepEqual(await Promise.all([check(), check(), check('y')]), ['good', 'good', 'good'])
    assert.equal(state.asked, 2)
    await check()
    assert.equal(state.asked, 2)
    clock.advance(1000)
    await check()
    assert.equal(state.asked, 3)
    until = clock.now() + 1000
    await check()
    state.changes++
    await check()
    assert.equal(state.asked, 5)
    gate.forget()
    await check()
    assert.equal(state.asked, 6)
  })

  it('fail/what is not good is never remembered', async () => {
    const answer = { kind: 'unknown', certificate: 0, why: 'unreachable', detail: '' } as const
    const { state, check } = bench(async () => answer)
    assert.deepEqual([await check(), await check(), state.asked], ['unknown', 'unknown', 2])
  })

  it('fail/an answer that was under way while a list changed is not remembered', async () => {
    const late = Promise.withResolvers<void>()
    const { state, check, clock } = bench(async () => {
      if (state.asked === 1) await late.promise
      return { kind: 'good', until: clock.now() + 1000 }
    })
    const underWay = check()
    state.changes++
    // Another login takes note of the change before the answer is there.
    await check('y')
    late.resolve()
    await underWay
    await check()
    assert.equal(state.asked, 3)
  })

  it('fail/nobody answers in time, or the other thread fails: unknown', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const { check } = bench(() => new Promise(() => {}))
      const waiting = check()
      mock.timers.tick(3000)
      assert.equal(await waiting, 'unknown')
    } finally {
      mock.timers.reset()
    }
    assert.equal(await bench(() => Promise.reject(new Error('gone'))).check(), 'unknown')
  })

  it('fail/of too many that wait the next is refused at once', async () => {
    const { check, state } = bench(() => new Promise(() => {}))
    for (let count = 0; count < 512; count++) void check(`waiting ${count}`)
    assert.deepEqual([await check('one more'), state.asked], ['unknown', 512])
  })
})
