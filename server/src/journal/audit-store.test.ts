import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../store/testing.ts'
import { type AuditEntry, AuditStore } from './audit-store.ts'

const ENTRY: AuditEntry = {
  at: 1_767_600_000_000,
  actor: 'root',
  action: 'config.apply',
  target: 'version/8',
  outcome: 'done',
  origin: '192.0.2.1',
  details: { comment: 'new VPN', password: 'hunter2' },
}

forEachEngine(({ engine, open, url }) => {
  const filled = async () => {
    const database = await open()
    const store = new AuditStore(database)
    for (const actor of ['root', 'ann', 'bob', 'cyd']) await store.record({ ...ENTRY, actor })
    return { database, store }
  }

  it('keeps who changed what, newest first, without secrets', async () => {
    const { store } = await filled()
    const entries = await store.list()
    assert.deepEqual(
      entries.map(({ actor }) => actor),
      ['cyd', 'bob', 'ann', 'root'],
    )
    const { id, ...first } = entries[3] ?? { id: 0 }
    assert.deepEqual(first, { ...ENTRY, details: { comment: 'new VPN' } })
    assert.deepEqual(
      (await store.list({ before: entries[1]?.id ?? 0, limit: 1 })).map(({ actor }) => actor),
      ['ann'],
    )
    assert.deepEqual(await store.verify(), { kind: 'intact', entries: 4 })
    assert.match(await store.head(), /^[0-9a-f]{64}$/)
  })

  it('is intact while it is empty', async () => {
    const store = new AuditStore(await open())
    assert.deepEqual(await store.verify(), { kind: 'intact', entries: 0 })
    assert.equal(await store.head(), '')
  })

  for (const [column, value] of [
    ['actor', 'eve'],
    ['at', 1],
    ['target', null],
    ['details', '{}'],
    ['outcome', 'refused'],
    ['chain', 'x'],
  ] as const) {
    it(`notices a changed ${column}`, async () => {
      const { database, store } = await filled()
      const second = (await store.list())[2]?.id ?? 0
      await database.kysely
        .updateTable('audit')
        .set({ [column]: value })
        .where('id', '=', second)
        .execute()
      assert.deepEqual(await store.verify(), { kind: 'broken', id: second })
    })
  }

  it('notices removed rows, in the middle and at the end', async () => {
    const { database, store } = await filled()
    const [newest, third, second] = (await store.list()).map(({ id }) => id)
    await database.kysely
      .deleteFrom('audit')
      .where('id', '=', newest ?? 0)
      .execute()
    assert.deepEqual(await store.verify(), { kind: 'cut-off', entries: 3, expected: 4 })
    await database.kysely
      .deleteFrom('audit')
      .where('id', '=', second ?? 0)
      .execute()
    assert.deepEqual(await store.verify(), { kind: 'broken', id: third })
  })

  it('keeps one chain where many write at once', async () => {
    const target = url()
    const { openWriter } = await import('../store/open.ts')
    // On SQLite one process writes; on PostgreSQL every node does.
    const databases = await Promise.all(
      Array.from({ length: engine === 'postgres' ? 3 : 1 }, () => openWriter(target)),
    )
    const stores = databases.map((database) => new AuditStore(database))
    await Promise.all(
      Array.from({ length: 30 }, (_, number) => stores[number % stores.length]?.record(ENTRY)),
    )
    assert.deepEqual(await stores[0]?.verify(), { kind: 'intact', entries: 30 })
    for (const database of databases) await database.close()
  })
})
