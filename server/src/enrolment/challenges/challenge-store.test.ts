import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../../store/testing.ts'
import { ChallengeStore } from './challenge-store.ts'

const DAY = 86_400_000
const challenge = {
  hash: 'aa',
  template: 'laptops',
  user_name: 'alice',
  holder_id: 'local/1',
  device_id: null,
  subject: null,
  names: '{}',
  minimum_rsa_bits: null,
  created_at: 1_000,
  created_by: 'admin',
  expires_at: 61_000,
}

forEachEngine(({ open }) => {
  it('ok/a challenge is used once, and again only by the transaction that used it', async () => {
    const store = new ChallengeStore((await open()).kysely)
    const id = await store.create(challenge)
    assert.equal((await store.use('aa', 'first', 2_000)).kind, 'used')
    assert.equal((await store.use('aa', 'first', 99_000)).kind, 'used-before')
    assert.equal((await store.use('aa', 'second', 2_000)).kind, 'spent')
    assert.equal(await store.delete(id), false)
  })

  it('fail/unknown, expired, deleted', async () => {
    const store = new ChallengeStore((await open()).kysely)
    const id = await store.create(challenge)
    assert.equal((await store.use('bb', 'first', 2_000)).kind, 'unknown')
    assert.equal((await store.use('aa', 'first', 61_000)).kind, 'expired')
    assert.equal((await store.use('aa', 'first', 60_999)).kind, 'used')
    await store.create({ ...challenge, hash: 'cc' })
    assert.equal(await store.open(2_000), 1)
    assert.equal(await store.delete(id + 1), true)
    assert.equal((await store.use('cc', 'first', 2_000)).kind, 'unknown')
    assert.deepEqual(
      (await store.list(10)).map(({ hash }) => hash),
      ['aa'],
    )
  })

  it('ok/of fifty at the same time exactly one uses it', async () => {
    const store = new ChallengeStore((await open()).kysely)
    await store.create(challenge)
    const uses = await Promise.all(Array.from({ length: 50 }, (_, i) => store.use('aa', `t${i}`, 2_000)))
    assert.equal(uses.filter(({ kind }) => kind === 'used').length, 1)
    assert.equal(uses.filter(({ kind }) => kind === 'spent').length, 49)
  })

  it('ok/rows long past their end make room', async () => {
    const store = new ChallengeStore((await open()).kysely)
    await store.create(challenge)
    await store.create({ ...challenge, hash: 'bb', created_at: 40 * DAY, expires_at: 41 * DAY })
    assert.equal(await store.find('aa'), undefined)
  })
})
