import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import type { Certificate } from '@sallyport/pki'
import { FakeClock } from '../../kernel/clock.ts'
import { ClientCertificateCheck, type CompiledAuthority } from '../client-certificate-check.ts'
import { issueToAlice, openAuthorityBench, trustEntries } from '../testing.ts'
import { resolveTrust } from '../trust.ts'
import type { RevocationAnswer } from './revocation-answer.ts'
import { RevocationGate } from './revocation-gate.ts'
import { type RevokedSerials, SqliteRevokedSerials } from './revoked-serials.ts'

const NONE = { anchors: [], intermediates: [], crls: [] }
const RULES = { check: 'required', crlUrls: [], hosts: [], whenUnreachable: 'reject', graceHours: 1 } as const
const AUTHORITY = {
  name: 'partner',
  ...NONE,
  rules: { ...RULES, crlUrls: [], hosts: [] },
} as CompiledAuthority
/** The gate looks at nothing else of a path whose authority must be asked about. */
const path = (name: string) => [{ fingerprint: name, der: new Uint8Array() }] as unknown as Certificate[]

const NOTHING_REVOKED: RevokedSerials = { find: () => undefined, isMissing: () => false }

function bench(answer: () => Promise<RevocationAnswer>) {
  const clock = new FakeClock()
  const state = { asked: 0, changes: 0 }
  const gate = new RevocationGate({
    clock,
    changes: () => state.changes,
    own: NOTHING_REVOKED,
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

describe('certificates of our own CA', () => {
  async function house() {
    const bench = await openAuthorityBench()
    const { der, serial } = await issueToAlice(bench)
    const own = resolveTrust(trustEntries({ name: 'own', kind: 'own' }), await bench.authority.trust(), 1)
    const check = new ClientCertificateCheck(own)
    const outcome = check.check(der, bench.parts.clock.now())
    assert.ok(outcome.ok)
    const [voucher] = outcome.vouchers
    assert.ok(voucher)
    const { raw } = bench.database
    assert.ok(raw.engine === 'sqlite')
    const gate = new RevocationGate({
      clock: bench.parts.clock,
      changes: () => 0,
      own: new SqliteRevokedSerials(raw.connection),
      ask: () => assert.fail('nobody has to be asked'),
    })
    const answer = async () => await gate.check(voucher.authority, voucher.path, bench.parts.clock.now())
    return { ...bench, serial, answer, connection: raw.connection }
  }

  it('ok/each login looks at the row: revoked and held at once, released at once', async () => {
    const { serial, change, answer } = await house()
    assert.equal((await answer()).kind, 'good')
    await change(serial, 'held', 'certificateHold')
    const held = await answer()
    assert.deepEqual([held.kind, held.kind === 'revoked' && held.reason], ['revoked', 'certificateHold'])
    await change(serial, 'released', 'certificateHold')
    assert.equal((await answer()).kind, 'good')
    await change(serial, 'revoked')
    assert.equal((await answer()).kind, 'revoked')
  })

  it('fail/there is no record of it: the CA was restored from a backup, or somebody else has its key', async () => {
    const { answer, serial, connection } = await house()
    connection.exec('delete from certificates')
    const unknown = await answer()
    assert.deepEqual(unknown, { kind: 'unknown', certificate: 0, why: 'unrecorded', detail: serial })
  })

  it('ok/what an imported CA issued before it was ours, nobody recorded', async () => {
    const { answer, connection } = await house()
    connection.exec("delete from certificates; update authorities set origin = 'imported'")
    assert.equal((await answer()).kind, 'good')
  })

  it('fail/rows that cannot be read accept nobody', async () => {
    const { answer, connection } = await house()
    connection.exec('alter table revoked_certificates rename to gone')
    assert.equal((await answer()).kind, 'unknown')
  })
})
