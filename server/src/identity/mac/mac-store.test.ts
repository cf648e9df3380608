import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { EMPTY_CONFIGURATION } from '../../config/schema.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { connectSqliteReader } from '../../store/sqlite-connection.ts'
import { forEachEngine, openProjection } from '../../store/testing.ts'
import { macImage } from './mac-image.ts'
import { type MacItem, macItemSchema } from './mac-item.ts'
import { MacStore } from './mac-store.ts'
import { MacWriter } from './mac-writes.ts'
import { MacsSection } from './macs-section.ts'
import { SqliteMacDirectory } from './sqlite-mac-directory.ts'

const folder = mkdtempSync(join(tmpdir(), 'macs-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const item = (mac: string, more: Partial<MacItem> = {}): MacItem => macItemSchema.parse({ mac, ...more })
const image = (mac: string, more: Partial<MacItem> = {}) => macImage(item(mac, more))
const context = (prune = false) => ({ configuration: EMPTY_CONFIGURATION, document: {}, prune })

forEachEngine(({ open, engine }) => {
  it('adds, changes, lists, finds and deletes', async () => {
    const database = await open()
    let changes = 0
    const store = new MacStore(database, new FakeClock(), () => changes++)
    await store.create(image('0A:1B:2C:3D:4E:5F', { description: 'Printer', groups: ['b', 'a', 'b'] }))
    await assert.rejects(store.create(image('0a1b2c3d4e5f')), { code: 'mac-exists' })
    await store.create(image('02-00-00-00-00-01', { owner: '100%' }))
    assert.equal((await store.get('0a1b2c3d4e5f'))?.groups, '["a","b"]')
    await store.change('0a1b2c3d4e5f', { disabled: 1 })
    await assert.rejects(store.change('0a1b2c3d4e60', { disabled: 1 }), { code: 'mac-not-found' })
    const found = async (search: string) =>
      (await store.list({ search, limit: 10 })).macs.map(({ mac, disabled }) => [mac, disabled])
    assert.deepEqual(await found('0A1B.2C3D.4E5F'), [['0a1b2c3d4e5f', 1]])
    assert.deepEqual(await found('prin'), [['0a1b2c3d4e5f', 1]])
    assert.deepEqual(await found('0%'), [['020000000001', 0]])
    const first = await store.list({ limit: 1 })
    assert.deepEqual([first.macs.length, first.next], [1, '020000000001'])
    assert.equal((await store.list({ limit: 1, after: first.next })).macs[0]?.mac, '0a1b2c3d4e5f')
    // Two rows are searched in two steps: the first finds nothing and says where to go on.
    const stepwise = new MacStore(database, new FakeClock(), () => {}, 1)
    const empty = await stepwise.list({ search: 'printer', limit: 10 })
    assert.deepEqual([empty.macs.length, empty.next], [0, '020000000001'])
    assert.equal((await stepwise.list({ search: 'printer', limit: 10, after: empty.next })).macs.length, 1)
    await store.delete('0a1b2c3d4e5f')
    await assert.rejects(store.delete('0a1b2c3d4e5f'), { code: 'mac-not-found' })
    assert.equal(changes, 4)
  })

  it('imports what is new and what differs, the last of two', async () => {
    const store = new MacStore(await open(), new FakeClock())
    const many = Array.from({ length: 700 }, (_, n) =>
      image((0x020000000000 + n).toString(16).padStart(12, '0')),
    )
    assert.deepEqual(await store.import(many), { created: 700, changed: 0, unchanged: 0 })
    const again = [
      ...many.slice(0, 2),
      image('020000000000', { owner: 'x' }),
      image('020000000000', { owner: 'y' }),
    ]
    assert.deepEqual(await store.import(again), { created: 0, changed: 1, unchanged: 1 })
    assert.equal((await store.get('020000000000'))?.owner, 'y')
  })

  it('is a section of the document: planned, written, taken back, exported', async () => {
    const database = await open()
    const clock = new FakeClock()
    const store = new MacStore(database, clock)
    const section = new MacsSection(database)
    const writer = new MacWriter(database, clock)
    await store.create(image('020000000001', { description: 'old' }))
    const items = [item('02:00:00:00:00:01', { description: 'new' }), item('020000000002')]
    const twice = await section.plan([...items, item('0200.0000.0002')], context())
    assert.deepEqual(
      twice.problems.map(({ path, code }) => [path, code]),
      [['macs/2', 'duplicate-name']],
    )
    const plan = await section.plan(items, context())
    assert.deepEqual(
      plan.changes.map(({ name, action, fields }) => [name, action, fields?.[0]?.after]),
      [
        ['02:00:00:00:00:01', 'change', 'new'],
        ['02:00:00:00:00:02', 'create', undefined],
      ],
    )
    const images = await database.kysely.transaction().execute((t) => writer.write(t, plan.writes))
    assert.equal((await section.export())?.length, 2)
    await assert.rejects(
      database.kysely.transaction().execute((t) => writer.write(t, plan.writes)),
      { code: 'version-conflict' },
    )
    await store.change('020000000002', { owner: 'somebody' })
    const undone = await database.kysely.transaction().execute((t) => writer.undo(t, images))
    assert.deepEqual(undone.leftAlone, ['macs/020000000002'])
    assert.equal((await store.get('020000000001'))?.description, 'old')
    const pruned = await section.plan([], context(true))
    assert.deepEqual(
      pruned.changes.map(({ action }) => action),
      ['delete', 'delete'],
    )
  })

  it('leaves more than a document can hold out of the export, instead of a part of them', async () => {
    const database = await open()
    const store = new MacStore(database, new FakeClock())
    for (let batch = 0; batch < 11; batch++) {
      const from = batch * 1000
      await store.import(
        Array.from({ length: 1000 }, (_, n) =>
          image((0x020000000000 + from + n).toString(16).padStart(12, '0')),
        ),
      )
    }
    assert.equal(await new MacsSection(database).export(), undefined)
  })

  it('is read by workers from a local file, which follows every change', async () => {
    const database = await open()
    const store = new MacStore(database, new FakeClock())
    await store.create(image('020000000001', { groups: ['Printers'], attributes: { room: '2.14' } }))
    const { readableFile } = database.capabilities
    const file = readableFile ?? join(folder, `${engine}.db`)
    const projection = readableFile === undefined ? await openProjection(database, file) : undefined
    const directory = new SqliteMacDirectory(connectSqliteReader(file))
    assert.deepEqual(directory.find('020000000001'), {
      mac: '020000000001',
      description: '',
      groups: ['Printers'],
      owner: '',
      disabled: false,
      attributes: { room: '2.14' },
    })
    await store.change('020000000001', { disabled: 1, expires_at: 5 })
    await store.create(image('020000000002'))
    await projection?.refresh()
    assert.deepEqual(
      [directory.find('020000000001')?.disabled, directory.find('020000000001')?.expiresAt],
      [true, 5],
    )
    assert.ok(directory.find('020000000002'))
    await store.delete('020000000001')
    await projection?.refresh()
    assert.equal(directory.find('020000000001'), undefined)
    // Deleted and added again between two copies.
    await store.delete('020000000002')
    await store.create(image('020000000002', { owner: 'again' }))
    await projection?.refresh()
    assert.equal(directory.find('020000000002')?.owner, 'again')
    await projection?.close()
  })
})
