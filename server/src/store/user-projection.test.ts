import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, it } from 'node:test'
import fc from 'fast-check'
import type { Database } from './database.ts'
import { ProjectionMarkStore } from './projection-mark-store.ts'
import { nextUserRevision, recordDeletion } from './revision.ts'
import { connectSqliteReader } from './sqlite-connection.ts'
import { forEachEngine, openProjection } from './testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'projection-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const newFile = () => join(folder, `${randomInt(2 ** 40)}.db`)

/** Users 0-3 and groups 0-2 by number. `name` is chosen from few, so that names move between users. */
type Step =
  | { do: 'user'; id: number; name: number }
  | { do: 'delete-user'; id: number }
  | { do: 'group'; id: number }
  | { do: 'delete-group'; id: number }
  | { do: 'join'; id: number; group: number }
  | { do: 'refresh' }

async function take(database: Database, step: Exclude<Step, { do: 'refresh' }>): Promise<void> {
  await database.kysely.transaction().execute(async (transaction) => {
    const revision = await nextUserRevision(database, transaction)
    const id = `${step.do.includes('group') ? 'g' : 'u'}${step.id}`
    if (step.do === 'user') {
      const name = `name${step.name}`
      const holder = await transaction
        .selectFrom('users')
        .select('id')
        .where('name_key', '=', name)
        .where('id', '!=', id)
        .executeTakeFirst()
      if (holder !== undefined) {
        await transaction
          .updateTable('users')
          .set({ name_key: `was-${name}-${revision}`, revision })
          .where('id', '=', holder.id)
          .execute()
      }
      await transaction
        .insertInto('users')
        .values({
          ...{
            id,
            name,
            name_key: name,
            source: 'local',
            attributes: '{}',
            revision,
            created_at: 1,
            updated_at: 1,
          },
          ...{ must_change_password: 0, password_never_expires: 0, disabled: 0, failures: 0 },
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, name_key: name, revision }))
        .execute()
    } else if (step.do === 'group') {
      await transaction
        .insertInto('groups')
        .values({ id, name: id, name_key: id, revision })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ revision }))
        .execute()
    } else if (step.do === 'join') {
      const group = `g${step.group}`
      const user = await transaction.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst()
      const exists = await transaction
        .selectFrom('groups')
        .select('id')
        .where('id', '=', group)
        .executeTakeFirst()
      if (user === undefined || exists === undefined) return
      await transaction.updateTable('users').set({ revision }).where('id', '=', id).execute()
      await transaction.deleteFrom('group_members').where('member_user_id', '=', id).execute()
      await transaction
        .insertInto('group_members')
        .values({ group_id: group, member_user_id: id, member_group_id: null })
        .execute()
    } else {
      const kind = step.do === 'delete-user' ? 'user' : 'group'
      await transaction.deleteFrom(`${kind}s`).where('id', '=', id).execute()
      await recordDeletion(transaction, kind, id, revision)
    }
  })
}

async function contents({ kysely }: Database) {
  return {
    users: await kysely.selectFrom('users').selectAll().orderBy('id').execute(),
    groups: await kysely.selectFrom('groups').selectAll().orderBy('id').execute(),
    members: await kysely
      .selectFrom('group_members')
      .selectAll()
      .orderBy('group_id')
      .orderBy('member_user_id')
      .execute(),
  }
}

function projected(file: string) {
  const reader = connectSqliteReader(file)
  try {
    return {
      users: reader.prepare('select * from users order by id').all(),
      groups: reader.prepare('select * from groups order by id').all(),
      members: reader.prepare('select * from group_members order by group_id, member_user_id').all(),
    }
  } finally {
    reader.close()
  }
}

/** What tells a backup of the database from what came after it. */
async function marksAndRevision({ kysely }: Database) {
  return {
    marks: await kysely.selectFrom('projection_marks').selectAll().execute(),
    revisions: await kysely.selectFrom('revisions').selectAll().execute(),
  }
}

async function putBack(
  { kysely }: Database,
  { marks, revisions }: Awaited<ReturnType<typeof marksAndRevision>>,
): Promise<void> {
  await kysely.deleteFrom('projection_marks').execute()
  if (marks.length > 0) await kysely.insertInto('projection_marks').values(marks).execute()
  for (const { name, value } of revisions)
    await kysely.updateTable('revisions').set({ value }).where('name', '=', name).execute()
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('user' as const), id: fc.nat(3), name: fc.nat(2) }),
  fc.record({ do: fc.constant('delete-user' as const), id: fc.nat(3) }),
  fc.record({ do: fc.constant('group' as const), id: fc.nat(2) }),
  fc.record({ do: fc.constant('delete-group' as const), id: fc.nat(2) }),
  fc.record({ do: fc.constant('join' as const), id: fc.nat(3), group: fc.nat(2) }),
  fc.record({ do: fc.constant('refresh' as const) }),
)

forEachEngine(({ open }) => {
  it('follows any history of users, groups and memberships', async () => {
    const database = await open()
    const file = newFile()
    const projection = await openProjection(database, file)
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { maxLength: 12 }), async (steps) => {
          for (const step of steps)
            await (step.do === 'refresh' ? projection.refresh() : take(database, step))
          await projection.refresh()
          assert.deepEqual(plain(projected(file)), plain(await contents(database)))
        }),
        { numRuns: 25 },
      )
    } finally {
      await projection.close()
    }
    const fresh = newFile()
    const again = await openProjection(database, fresh)
    await again.close()
    assert.deepEqual(plain(projected(fresh)), plain(await contents(database)))
  })

  it('fail/the main database went back in time and others went on: the file starts over', async () => {
    const database = await open()
    const file = newFile()
    const wentBack: string[] = []
    const openFile = () => openProjection(database, file, { wentBack: () => wentBack.push(file) })
    await take(database, { do: 'user', id: 1, name: 1 })
    const before = await openFile()
    const backup = await marksAndRevision(database)
    await take(database, { do: 'user', id: 2, name: 2 })
    await before.refresh()
    await before.close()
    assert.equal(projected(file).users.length, 2)

    await database.kysely.deleteFrom('users').where('id', '=', 'u2').execute()
    await putBack(database, backup)
    // Further than the file had come: no number tells.
    for (const id of [0, 3, 0]) await take(database, { do: 'user', id, name: 0 })
    const later = await openFile()
    try {
      assert.deepEqual(plain(projected(file)), plain(await contents(database)))
      assert.deepEqual(wentBack, [file])
      await take(database, { do: 'user', id: 1, name: 2 })
      await later.refresh()
      assert.deepEqual(plain(projected(file)), plain(await contents(database)))
      assert.equal(wentBack.length, 1, 'from then on it is held again')
      assert.equal((await database.kysely.selectFrom('projection_marks').selectAll().execute()).length, 1)
    } finally {
      await later.close()
    }
  })

  it('fail/back to where nothing had been written: the revision is the same, the users are not', async () => {
    const database = await open()
    const file = newFile()
    const none = await marksAndRevision(database)
    await take(database, { do: 'user', id: 1, name: 1 })
    const projection = await openProjection(database, file)
    try {
      await database.kysely.deleteFrom('users').execute()
      await putBack(database, none)
      await take(database, { do: 'user', id: 2, name: 2 })
      await projection.refresh()
      assert.deepEqual(plain(projected(file)), plain(await contents(database)))
    } finally {
      await projection.close()
    }
  })

  it('fail/rows that were kept before there were marks, by an older version, are not trusted', async () => {
    const database = await open()
    const file = newFile()
    await take(database, { do: 'user', id: 1, name: 1 })
    const older = await openProjection(database, file)
    await older.close()
    const local = new DatabaseSync(file)
    local.exec("drop table projection_state; update users set disabled = 1, name = 'stale'")
    local.close()
    const projection = await openProjection(database, file)
    await projection.close()
    assert.deepEqual(plain(projected(file)), plain(await contents(database)))
  })

  it('ok/the end of the process before, and after, the mark was written: nothing is lost, nothing called restored', async () => {
    const database = await open()
    const file = newFile()
    const store = new ProjectionMarkStore(database.kysely)
    const wentBack = () => assert.fail('the database did not go back')
    await take(database, { do: 'user', id: 1, name: 1 })
    const first = await openProjection(database, file, { wentBack })
    await first.close()
    await take(database, { do: 'user', id: 2, name: 2 })
    const forget = async () => assert.fail('nothing is forgotten')
    for (const mark of [
      () => Promise.reject(new Error('ended before')),
      async (...of: Parameters<ProjectionMarkStore['mark']>) => {
        await store.mark(...of)
        throw new Error('ended after')
      },
    ]) {
      await assert.rejects(openProjection(database, file, { wentBack, marks: { mark, forget } }), /ended/)
      assert.equal(projected(file).users.length, 1, 'rows are never kept before the mark')
    }
    const last = await openProjection(database, file, { wentBack })
    await last.close()
    assert.deepEqual(plain(projected(file)), plain(await contents(database)))
  })

  it('shares one further run between calls that come while one runs', async () => {
    const database = await open()
    const file = newFile()
    const projection = await openProjection(database, file)
    try {
      const first = projection.refresh()
      await take(database, { do: 'user', id: 1, name: 1 })
      await Promise.all([first, projection.refresh(), projection.refresh()])
      assert.equal(projected(file).users.length, 1)
    } finally {
      await projection.close()
    }
  })
})
