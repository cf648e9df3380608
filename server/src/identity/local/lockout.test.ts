import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '../../kernel/clock.ts'
import { Lockout } from './lockout.ts'
import { buildHouse, LOCKOUT, MemoryLockoutStore, passwordProof } from './test/house.ts'

const MINUTE = 60_000

/** Lets everything that is under way come to rest. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('a series of wrong passwords', () => {
  it('locks at the threshold, for the right password too, and only for the time set', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    const attempt = async (password: string) => house.source.authenticate('alice', passwordProof(password))
    for (const failures of [1, 2, 3]) {
      assert.deepEqual(await attempt('guess'), { kind: 'wrong-password', failures, lockoutThreshold: 3 })
    }
    const until = new Date(house.clock.now() + LOCKOUT.durationMinutes * MINUTE).toISOString()
    assert.deepEqual(await attempt('secret'), { kind: 'locked', until, failures: 3 })
    house.clock.advance(LOCKOUT.durationMinutes * MINUTE - 1)
    // Attempts while locked neither count nor prolong.
    assert.deepEqual(await attempt('guess'), { kind: 'locked', until, failures: 3 })
    house.clock.advance(1)
    assert.equal((await attempt('secret')).kind, 'authenticated')
    await settled()
    assert.deepEqual(house.lockoutStore.rows.get('id-alice'), {
      failures: 0,
      lastFailureAt: null,
      lockedUntil: null,
    })
  })

  it('no proof is evaluated while the account is locked', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    for (let i = 0; i < 3; i++) await house.source.authenticate('alice', passwordProof('guess'))
    house.checks.length = 0
    await house.source.authenticate('alice', passwordProof('secret'))
    assert.deepEqual(house.checks, [])
  })

  it('ends with the right password, and with time', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    const attempt = async (password: string) => house.source.authenticate('alice', passwordProof(password))
    await attempt('guess')
    await attempt('guess')
    assert.equal((await attempt('secret')).kind, 'authenticated')
    await settled()
    assert.deepEqual(await attempt('guess'), { kind: 'wrong-password', failures: 1, lockoutThreshold: 3 })
    await attempt('guess')
    house.clock.advance(LOCKOUT.resetAfterMinutes * MINUTE)
    assert.deepEqual(await attempt('guess'), { kind: 'wrong-password', failures: 1, lockoutThreshold: 3 })
  })

  it('is ended by an administrator', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    for (let i = 0; i < 3; i++) await house.source.authenticate('alice', passwordProof('guess'))
    await house.lockout.unlock('id-alice')
    assert.equal((await house.source.authenticate('alice', passwordProof('secret'))).kind, 'authenticated')
    assert.equal(house.lockoutStore.rows.get('id-alice')?.lockedUntil, null)
  })
})

describe('parallel guesses', () => {
  for (const storage of ['nt-hash', 'argon2id'] as const) {
    it(`cannot pass the threshold (${storage})`, async () => {
      const house = await buildHouse()
      await house.add('alice', 'secret', { storage })
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => house.source.authenticate('alice', passwordProof(`guess ${n}`))),
      )
      const kinds = outcomes.map(({ kind }) => kind)
      assert.equal(house.checks.length, LOCKOUT.threshold)
      assert.equal(kinds.filter((kind) => kind === 'wrong-password').length, LOCKOUT.threshold)
      assert.equal(kinds.filter((kind) => kind === 'locked').length, 20 - LOCKOUT.threshold)
      assert.equal(house.lockoutStore.rows.get('id-alice')?.failures, LOCKOUT.threshold)
    })
  }

  it('do not keep out many right logins at once: those beyond the threshold wait their turn', async () => {
    const house = await buildHouse()
    await house.add('shared', 'secret', { storage: 'argon2id' })
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => house.source.authenticate('shared', passwordProof('secret'))),
    )
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(['authenticated']))
  })

  it('waiting is bounded', async () => {
    const lockout = new Lockout(storeWith('u'), new FakeClock())
    const answers = Array.from({ length: 100 }, () => lockout.reserve('u', LOCKOUT))
    await settled()
    const refused = (await Promise.race([Promise.all(answers.slice(-33)), settled()])) ?? []
    assert.deepEqual(new Set(refused.map(({ kind }) => kind)), new Set(['unavailable']))
  })
})

describe('the counters', () => {
  it('a reject waits until its failure is durable', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    const write = Promise.withResolvers<void>()
    house.lockoutStore.gate = write.promise
    let answered = false
    const answer = Promise.resolve(house.source.authenticate('alice', passwordProof('guess'))).then(
      (outcome) => {
        answered = true
        return outcome
      },
    )
    await settled()
    assert.equal(answered, false)
    write.resolve()
    assert.equal((await answer).kind, 'wrong-password')
  })

  it('a failure that cannot be recorded gives no answer', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    house.lockoutStore.failing = true
    assert.equal((await house.source.authenticate('alice', passwordProof('guess'))).kind, 'unavailable')
    // It counts all the same, and is written with the next one.
    house.lockoutStore.failing = false
    assert.deepEqual(await house.source.authenticate('alice', passwordProof('guess')), {
      kind: 'wrong-password',
      failures: 2,
      lockoutThreshold: 3,
    })
  })

  it('are written together while a write is under way', async () => {
    const store = storeWith('a', 'b', 'c', 'd')
    const write = Promise.withResolvers<void>()
    store.gate = write.promise
    const lockout = new Lockout(store, new FakeClock())
    const all = ['a', 'b', 'c', 'd'].map((id) => lockout.settle(id, 'failed', LOCKOUT, undefined))
    await settled()
    write.resolve()
    await Promise.all(all)
    assert.ok(store.batches.length <= 2, `${store.batches.length} writes`)
    assert.equal(store.batches.flat().length, 4)
  })

  it('are kept for users that exist, and not for strangers', async () => {
    const lockout = new Lockout(storeWith(), new FakeClock())
    for (let n = 0; n < 1000; n++) await lockout.settle(`stranger ${n}`, 'failed', LOCKOUT, undefined)
    assert.equal(lockout.size, 0)
    assert.deepEqual(await lockout.reserve('stranger', LOCKOUT), { kind: 'unavailable' })
  })

  it('do not grow without bound in memory, and lose nothing by it', async () => {
    const ids = Array.from({ length: 10_050 }, (_, n) => `user ${n}`)
    const lockout = new Lockout(storeWith(...ids), new FakeClock())
    for (const id of ids) await lockout.settle(id, 'failed', LOCKOUT, undefined)
    assert.equal(lockout.size, 10_000)
    assert.deepEqual(await lockout.settle('user 0', 'failed', LOCKOUT, undefined), { failures: 2 })
  })

  it('survive a restart', async () => {
    const store = storeWith('u')
    const clock = new FakeClock()
    const before = new Lockout(store, clock)
    for (let n = 0; n < 3; n++) await before.settle('u', 'failed', LOCKOUT, undefined)
    assert.equal((await new Lockout(store, clock).reserve('u', LOCKOUT)).kind, 'locked')
  })

  it('a reservation whose worker died lapses', async () => {
    const clock = new FakeClock()
    const lockout = new Lockout(storeWith('u'), clock)
    for (let n = 0; n < 3; n++) assert.equal((await lockout.reserve('u', LOCKOUT)).kind, 'granted')
    clock.advance(60_000)
    assert.equal((await lockout.reserve('u', LOCKOUT)).kind, 'granted')
  })

  it('what was evaluated before the lock came into force does not lift it', async () => {
    const lockout = new Lockout(storeWith('u'), new FakeClock())
    const early = await lockout.reserve('u', LOCKOUT)
    for (let n = 0; n < 3; n++) await lockout.settle('u', 'failed', LOCKOUT, undefined)
    await lockout.settle('u', 'succeeded', LOCKOUT, early.kind === 'granted' ? early.number : undefined)
    assert.equal((await lockout.reserve('u', LOCKOUT)).kind, 'locked')
  })
})

function storeWith(...ids: readonly string[]): MemoryLockoutStore {
  const store = new MemoryLockoutStore()
  for (const id of ids) store.rows.set(id, { failures: 0, lastFailureAt: null, lockedUntil: null })
  return store
}
