import assert from 'node:assert/strict'
import { it } from 'node:test'
import { migrate } from './migrate.ts'
import { openReader, openWriter } from './open.ts'
import { nextUserRevision } from './revision.ts'
import { forEachEngine } from './testing.ts'

forEachEngine(({ engine, open, url }) => {
  it('gives back numbers, texts and nulls as they were written', async () => {
    const { kysely } = await open()
    const row = {
      id: 'u1',
      name: 'Алиса',
      name_key: 'алиса',
      source: 'local',
      password_storage: null,
      password_sealed: null,
      password_changed_at: Number.MAX_SAFE_INTEGER,
      must_change_password: 1,
      password_never_expires: 0,
      disabled: 0,
      expires_at: null,
      logon_hours: null,
      attributes: '{"mail":"alice@example.org"}',
      failures: 0,
      last_failure_at: null,
      locked_until: null,
      revision: 1,
      created_at: 1_767_600_000_000,
      updated_at: 1_767_600_000_000,
    } as const
    await kysely.insertInto('users').values(row).execute()
    const read = await kysely.selectFrom('users').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual({ ...read }, row)
    const { count } = await kysely
      .selectFrom('users')
      .select((column) => column.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    assert.equal(count, 1)
  })

  it('takes back a transaction that throws, and keeps others out of it meanwhile', async () => {
    const database = await open()
    const failing = database.kysely.transaction().execute(async (transaction) => {
      await nextUserRevision(database, transaction)
      throw new Error('changed my mind')
    })
    const succeeding = database.kysely
      .transaction()
      .execute((transaction) => nextUserRevision(database, transaction))
    await assert.rejects(failing, /changed my mind/)
    assert.equal(await succeeding, 1)
  })

  it('enforces foreign keys and the shape of a membership', async () => {
    const { kysely } = await open()
    await assert.rejects(
      kysely
        .insertInto('group_members')
        .values({ group_id: 'none', member_user_id: 'none', member_group_id: null })
        .execute(),
      /foreign key/i,
    )
    await kysely.insertInto('groups').values({ id: 'g', name: 'G', name_key: 'g', revision: 1 }).execute()
    await assert.rejects(
      kysely
        .insertInto('group_members')
        .values({ group_id: 'g', member_user_id: null, member_group_id: null })
        .execute(),
      /group_members_one_member/,
    )
  })

  it('migrates once', async () => {
    const database = await open()
    assert.deepEqual(await migrate(database), [])
  })

  // On SQLite one process writes.
  if (engine === 'postgres') {
    it('lets nodes that start together wait for one another', async () => {
      const target = url()
      const nodes = await Promise.all([openWriter(target), openWriter(target), openWriter(target)])
      for (const node of nodes) await node.close()
    })
  }

  it('refuses a database of a newer version and leaves it alone', async () => {
    const target = url()
    const newer = await openWriter(target)
    await newer.kysely
      // The migration table is Kysely's own and not part of our Schema.
      .insertInto('migrations' as never)
      .values({ name: '9999-from-the-future', timestamp: '2030-01-01T00:00:00Z' } as never)
      .execute()
    await newer.close()
    await assert.rejects(openWriter(target), { name: 'ConfigError', code: 'database-newer' })
  })

  it('opens a reader that cannot write', async () => {
    const target = url()
    const writer = await openWriter(target)
    const reader = await openReader(target)
    try {
      assert.deepEqual(await reader.kysely.selectFrom('users').selectAll().execute(), [])
      await assert.rejects(
        reader.kysely.insertInto('revisions').values({ name: 'x', value: 0 }).execute(),
        /read-?only/i,
      )
    } finally {
      await reader.close()
      await writer.close()
    }
  })
})
