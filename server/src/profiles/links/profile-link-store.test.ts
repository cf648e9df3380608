import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openWriter } from '../../store/open.ts'
import { forEachEngine } from '../../store/testing.ts'
import { type NewLink, ProfileLinkStore } from './profile-link-store.ts'

const DAY = 86_400_000
const BOUNDS = { most: 100, mostOfHolder: 100 }
const link: NewLink = {
  ...{ token_hash: 'aa', code_mark: 'c1', user_name: 'alice', holder_id: 'local/1' },
  ...{ connections: '["Example VPN"]', system: null, language: null },
  ...{ made_by: 'administrator', created_by: 'ada', created_at: 1_000, expires_at: 61_000 },
}
const use = { at: 2_000, from: '192.0.2.1', for: 'Example VPN: test-file' }

async function made(
  store: ProfileLinkStore,
  different: Partial<NewLink> = {},
  bounds = BOUNDS,
): Promise<number> {
  const id = await store.create({ ...link, ...different }, bounds)
  return id ?? assert.fail('There are too many.')
}

forEachEngine(({ open, url }) => {
  it('ok/a link is found by token and by code, used once, and remembers from where and for what', async () => {
    const store = new ProfileLinkStore((await open()).kysely)
    const id = await made(store)
    assert.equal((await store.find({ codeMark: 'c1' }))?.id, id)
    assert.equal(await store.use(id, use), true)
    assert.equal(await store.use(id, use), false)
    const found = await store.find({ tokenHash: 'aa' })
    assert.deepEqual([found?.used_at, found?.used_from, found?.used_for], [2_000, '192.0.2.1', use.for])
    assert.equal(await store.delete(id), false)
  })

  it('fail/unknown, ended, deleted', async () => {
    const store = new ProfileLinkStore((await open()).kysely)
    const id = await made(store)
    assert.equal(await store.find({ tokenHash: 'bb' }), undefined)
    assert.equal(await store.find({ codeMark: 'aa' }), undefined)
    assert.equal(await store.use(id + 7, use), false)
    assert.equal(await store.use(id, { ...use, at: 61_000 }), false)
    assert.equal(await store.delete(id), true)
    assert.equal(await store.use(id, use), false)
  })

  it('ok/of fifty at the same time exactly one uses it', async () => {
    const store = new ProfileLinkStore((await open()).kysely)
    const id = await made(store)
    const uses = await Promise.all(Array.from({ length: 50 }, () => store.use(id, use)))
    assert.equal(uses.filter(Boolean).length, 1)
  })

  it('ok/of two nodes exactly one uses it', async () => {
    const shared = url()
    const nodes = [await openWriter(shared), await openWriter(shared)]
    const stores = nodes.map(({ kysely }) => new ProfileLinkStore(kysely))
    const id = await made(stores[0] as ProfileLinkStore)
    const uses = await Promise.all([...stores, ...stores, ...stores].map((store) => store.use(id, use)))
    assert.equal(uses.filter(Boolean).length, 1)
    for (const node of nodes) await node.close()
  })

  it('ok/what came to nothing is given back; what another use took is not', async () => {
    const store = new ProfileLinkStore((await open()).kysely)
    const id = await made(store)
    await store.use(id, use)
    await store.giveBack(id, { ...use, from: '192.0.2.2' })
    assert.equal(await store.use(id, use), false)
    await store.giveBack(id, use)
    assert.equal(await store.use(id, { ...use, at: 3_000 }), true)
  })

  it('fail/no more than there may be, of all and of one person in a day; used ones count for the person', async () => {
    const store = new ProfileLinkStore((await open()).kysely)
    const id = await made(store, {}, { most: 2, mostOfHolder: 2 })
    await store.use(id, use)
    await made(store, { token_hash: 'bb', code_mark: null }, { most: 2, mostOfHolder: 2 })
    const third = { ...link, token_hash: 'cc', code_mark: null }
    assert.equal(await store.create(third, { most: 2, mostOfHolder: 2 }), undefined)
    assert.equal(await store.create(third, { most: 1, mostOfHolder: 9 }), undefined)
    const tomorrow = { ...third, created_at: DAY + 2_000, expires_at: 2 * DAY }
    assert.ok(await store.create(tomorrow, { most: 2, mostOfHolder: 1 }))
    assert.deepEqual(
      (await store.list(2)).map(({ token_hash: hash }) => hash),
      ['cc', 'bb'],
    )
  })

  it('ok/rows long past their end make room', async () => {
    const store = new ProfileLinkStore((await open()).kysely)
    await made(store)
    await made(store, { token_hash: 'bb', code_mark: null, created_at: 40 * DAY, expires_at: 41 * DAY })
    assert.equal(await store.find({ tokenHash: 'aa' }), undefined)
  })
})
