import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Database } from './database.ts'
import { GroupCommit } from './group-commit.ts'
import { type InsertStatement, insert, type RowWrite } from './row-write.ts'
import { rowWriter } from './row-writer.ts'
import type { SessionTable } from './schema.ts'
import { forEachEngine } from './testing.ts'

const RECEIPT: InsertStatement<'receipts'> = {
  table: 'receipts',
  columns: [
    'id',
    'at',
    'client',
    'user_name',
    'outcome',
    'reason',
    'rule',
    'calling_station_id',
    'config_version',
    'body',
    'size',
  ],
}

const SESSION: InsertStatement<'sessions'> = {
  table: 'sessions',
  columns: ['id', 'client', 'acct_session_id', 'state', 'input_octets', 'started_at', 'updated_at'],
  onConflict: `(id) do update set state = excluded.state, input_octets = excluded.input_octets,
    updated_at = excluded.updated_at where excluded.updated_at >= sessions.updated_at`,
  conflictKey: ['id'],
}

function receipt(id: string, over: { user_name?: string } = {}): RowWrite {
  return insert(RECEIPT, {
    id,
    at: 1,
    client: 'vpn-1',
    outcome: 'accept',
    config_version: 1,
    body: '{}',
    size: 2,
    ...over,
  })
}

function session(id: string, updated: number, over: { state?: SessionTable['state'] } = {}): RowWrite {
  return insert(SESSION, {
    id,
    client: 'vpn-1',
    acct_session_id: id,
    state: 'live',
    input_octets: updated * 1000,
    output_octets: 0,
    input_packets: 0,
    output_packets: 0,
    session_seconds: 0,
    started_at: 1,
    updated_at: updated,
    ...over,
  })
}

function ids({ kysely }: Database): Promise<string[]> {
  return kysely
    .selectFrom('receipts')
    .select('id')
    .orderBy('id')
    .execute()
    .then((rows) => rows.map((row) => row.id))
}

forEachEngine(({ open }) => {
  it('commits what arrives together in one transaction', async () => {
    const database = await open()
    const writer = rowWriter(database)
    let transactions = 0
    const commit = new GroupCommit(database, {
      ...writer,
      isRowFault: (error) => writer.isRowFault(error),
      write: (writes) => {
        transactions++
        return writer.write(writes)
      },
    })
    await Promise.all(
      Array.from({ length: 500 }, (_, n) => commit.write([receipt(String(n)), session(String(n), 1)])),
    )
    assert.equal((await ids(database)).length, 500)
    assert.equal(transactions, 1)
    await commit.close()
    await assert.rejects(commit.write([receipt('late')]), { code: 'store-closed' })
  })

  it('applies several writes to one row in their order, within one batch', async () => {
    const database = await open()
    const commit = new GroupCommit(database)
    await Promise.all([
      commit.write([session('s', 1)]),
      commit.write([session('s', 3, { state: 'stopped' })]),
      commit.write([session('s', 2)]), // an interim update that was overtaken
      commit.write([session('t', 1)]),
    ])
    const rows = await database.kysely.selectFrom('sessions').selectAll().orderBy('id').execute()
    assert.deepEqual(
      rows.map(({ id, state, input_octets }) => ({ id, state, input_octets })),
      [
        { id: 's', state: 'stopped', input_octets: 3000 },
        { id: 't', state: 'live', input_octets: 1000 },
      ],
    )
  })

  it('keeps a query between the writes before and after it', async () => {
    const database = await open()
    const commit = new GroupCommit(database)
    const on = database.kysely
      .updateTable('sessions')
      .set({ state: 'lost' })
      .where('client', '=', 'vpn-1')
      .where('state', '=', 'live')
      .compile()
    await Promise.all([
      commit.write([session('before', 1)]),
      commit.write([{ query: on }]),
      commit.write([session('after', 1)]),
    ])
    const rows = await database.kysely.selectFrom('sessions').select(['id', 'state']).orderBy('id').execute()
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { id: 'after', state: 'live' },
        { id: 'before', state: 'lost' },
      ],
    )
  })

  it('lets a row the database refuses fail alone', async () => {
    const database = await open()
    const commit = new GroupCommit(database)
    await commit.write([receipt('b')])
    const results = await Promise.allSettled([
      commit.write([receipt('a')]),
      commit.write([receipt('other'), receipt('b')]), // b is there already
      commit.write([receipt('c')]),
    ])
    assert.deepEqual(
      results.map((result) => result.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.ok(results[1]?.status === 'rejected' && results[1].reason.code === 'row-refused')
    assert.deepEqual(await ids(database), ['a', 'b', 'c'], 'half of a refused item was written')
  })

  it('stores what a hostile device may send, or refuses that row alone', async () => {
    const database = await open()
    const commit = new GroupCommit(database)
    const names = [
      '{"a","b"}',
      'NULL',
      '',
      '"',
      '\\',
      "'; drop table receipts; --",
      'a,b',
      '\u{1f600}',
      ' x ',
    ]
    await Promise.all(names.map((user_name, n) => commit.write([receipt(String(n), { user_name })])))
    await Promise.allSettled([commit.write([receipt('nul', { user_name: 'a\0b' })])])
    const rows = await database.kysely
      .selectFrom('receipts')
      .select('user_name')
      .where('id', '!=', 'nul')
      .orderBy('id')
      .execute()
    assert.deepEqual(
      rows.map((row) => row.user_name),
      names,
    )
  })

  it('rejects every item of a batch whose commit fails, and goes on afterwards', async () => {
    const database = await open()
    const writer = rowWriter(database)
    let healthy = false
    const commit = new GroupCommit(database, {
      isRowFault: (error) => writer.isRowFault(error),
      write: async (writes) => (healthy ? writer.write(writes) : Promise.reject(new Error('disk I/O error'))),
    })
    const results = await Promise.allSettled([commit.write([receipt('a')]), commit.write([receipt('b')])])
    for (const result of results) {
      assert.ok(result.status === 'rejected')
      assert.equal(result.reason.code, 'commit-failed')
    }
    healthy = true
    await commit.write([receipt('c')])
    assert.deepEqual(await ids(database), ['c'])
  })

  it('waits for a transaction of others instead of joining it', async () => {
    const database = await open()
    const commit = new GroupCommit(database)
    const { promise, resolve } = Promise.withResolvers<void>()
    const other = database.kysely.transaction().execute(async (transaction) => {
      await transaction.updateTable('revisions').set({ value: 7 }).execute()
      await promise
      throw new Error('taken back')
    })
    const written = commit.write([receipt('a')])
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    resolve()
    await assert.rejects(other, /taken back/)
    await written
    assert.deepEqual(await ids(database), ['a'])
  })
})
