import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { reason } from '../reasons/index.ts'
import { type GrantsUnderTest, openGrants, REVOKE, SETTINGS, UNKNOWN } from './testing.ts'

const SILENCE = { result: 'retry', why: reason('grant-no-answer', { client: 'switch' }) } as const

describe('outbox', () => {
  let grants: GrantsUnderTest
  beforeEach(async () => {
    grants = await openGrants()
  })
  afterEach(() => grants.close())

  async function change(count = 1, lane = 'switch'): Promise<void> {
    grants.kind.add(count, lane)
    grants.kind.verdict = () => REVOKE
    await grants.note()
    await grants.intake.all(false)
  }

  it('ok/sent once, awaited, done when the grant is over', async () => {
    await change()
    await grants.run()
    assert.equal(grants.kind.orders.length, 1)
    assert.deepEqual(
      (await grants.list()).map(({ state }) => state),
      ['acknowledged'],
    )
    await grants.runFor(5)
    assert.equal(grants.kind.orders.length, 1, 'it is not asked twice while its end is awaited')
    grants.kind.grants.clear()
    await grants.runFor(6)
    const [entry] = await grants.list()
    assert.deepEqual([entry?.state, entry?.attempts, entry?.result], ['done', 1, null])
  })

  it('ok/a grant that was decided anew after the acknowledgement is done', async () => {
    await change()
    await grants.run()
    grants.kind.verdict = () => ({ verdict: 'keep' })
    await grants.runFor(2)
    assert.equal((await grants.list())[0]?.state, 'done')
  })

  it('ok/taken back before it was sent: nothing is sent', async () => {
    await change(3)
    grants.kind.verdict = () => ({ verdict: 'keep' })
    await grants.runFor(3)
    assert.equal(grants.kind.orders.length, 0)
    assert.ok((await grants.list()).every(({ state }) => state === 'obsolete'))
  })

  it('ok/ended by itself before it was sent: nothing is sent', async () => {
    await change()
    grants.kind.grants.clear()
    await grants.run()
    assert.equal(grants.kind.orders.length, 0)
    assert.equal((await grants.list())[0]?.state, 'obsolete')
  })

  it('fail/no answer: tried again after growing waits, then given up and told', async () => {
    await change()
    grants.kind.outcome = () => SILENCE
    await grants.runFor(120)
    const begin = grants.kind.orders[0]?.at ?? 0
    assert.deepEqual(
      grants.kind.orders.map(({ at }) => (at - begin) / 1000),
      [0, 10, 30],
    )
    assert.deepEqual(
      grants.kind.orders.map(({ attempt }) => attempt),
      [1, 2, 3],
    )
    const [entry] = await grants.list()
    assert.deepEqual([entry?.state, entry?.attempts, entry?.result], ['failed', 3, SILENCE.why])
  })

  it('fail/acknowledged and still live: asked again, then given up as such', async () => {
    await change()
    await grants.runFor(120)
    assert.equal(grants.kind.orders.length, SETTINGS.attempts)
    const [entry] = await grants.list()
    assert.deepEqual([entry?.state, entry?.result?.code], ['failed', 'grant-still-live'])
  })

  it('fail/cannot be done at all: one try', async () => {
    await change()
    grants.kind.outcome = () => ({
      result: 'impossible',
      why: reason('grant-unsupported', { client: 'switch' }),
    })
    await grants.runFor(60)
    assert.equal(grants.kind.orders.length, 1)
    assert.equal((await grants.list())[0]?.state, 'failed')
  })

  it('fail/a backend that is down: nothing is sent, it is tried later, and never forgotten', async () => {
    await change()
    grants.kind.verdict = () => UNKNOWN
    await grants.runFor(8)
    assert.equal(grants.kind.orders.length, 0)
    const [waiting] = await grants.list()
    assert.deepEqual([waiting?.state, waiting?.result], ['waiting', UNKNOWN.why])
    grants.kind.verdict = () => REVOKE
    await grants.runFor(4)
    assert.equal(grants.kind.orders.length, 1)
  })

  it('fail/a backend that stays down: given up in the open', async () => {
    await change()
    grants.kind.verdict = () => UNKNOWN
    await grants.runFor(120)
    assert.equal(grants.kind.orders.length, 0)
    const [entry] = await grants.list()
    assert.deepEqual([entry?.state, entry?.result], ['failed', UNKNOWN.why])
  })

  it('ok/a revocation does not wait for the end of a change', async () => {
    const changed = reason('authorization-changed', { before: ['a'], after: ['b'] })
    await change()
    grants.kind.verdict = () => ({ verdict: 'change', why: changed, changes: [] })
    await grants.runFor(2)
    grants.kind.verdict = () => REVOKE
    await grants.runFor(2)
    assert.deepEqual(
      grants.kind.orders.map(({ action }) => action),
      ['change', 'revoke'],
    )
  })

  it('ok/something thrown while sending is one more failed try', async () => {
    await change()
    grants.kind.outcome = () => {
      throw new Error('socket')
    }
    await grants.runFor(5)
    const [entry] = await grants.list()
    assert.deepEqual([entry?.state, entry?.result?.code, entry?.attempts], ['waiting', 'grant-no-answer', 1])
  })

  it('ok/10,000 grants hit by one change: the rate is kept, also of one lane, and nothing is held in memory', async () => {
    await change(9_000, 'switch')
    await change(1_000, 'gate')
    assert.equal(grants.kind.largestPage, 50)
    assert.equal((await grants.store.counts(0)).open, 10_000)
    grants.kind.outcome = (grant) => {
      grants.kind.grants.delete(grant.id)
      return { result: 'acknowledged' }
    }
    const seconds = 20
    await grants.runFor(seconds)
    const perSecond = Map.groupBy(grants.kind.orders, ({ at }) => Math.floor(at / 1000))
    for (const orders of perSecond.values()) {
      assert.ok(orders.length <= 2 * SETTINGS.perSecond, `${orders.length} in a second`)
    }
    const of = (lane: string): number => grants.kind.orders.filter((order) => order.lane === lane).length
    // Looking whether it helped takes nothing from the rate; both lanes get their share.
    for (const lane of ['switch', 'gate']) {
      assert.ok(of(lane) >= SETTINGS.perSecondPerLane * (seconds - 1), `${lane}: ${of(lane)}`)
      assert.ok(of(lane) <= SETTINGS.perSecondPerLane * (seconds + 1), `${lane}: ${of(lane)}`)
    }
  })

  it('ok/a silent lane holds up nobody else', async () => {
    await change(100, 'silent')
    await change(20, 'gate')
    grants.kind.outcome = (grant) =>
      grant.lane === 'silent' ? new Promise(() => {}) : { result: 'acknowledged' }
    for (let tick = 0; tick < 20; tick++) {
      await grants.outbox.send(await grants.outbox.due())
      await new Promise((resolve) => setImmediate(resolve))
      grants.clock.advance(500)
    }
    const of = (lane: string): number => grants.kind.orders.filter((order) => order.lane === lane).length
    assert.equal(of('silent'), 32, 'as many as may be under way in one lane')
    assert.equal(of('gate'), 20)
  })
})
