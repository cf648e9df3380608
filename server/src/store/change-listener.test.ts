import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { listenForChanges } from './change-listener.ts'
import { announce, nextUserRevision, type Topic } from './revision.ts'
import { forEachEngine } from './testing.ts'

forEachEngine(({ engine, open }) => {
  if (engine === 'sqlite') {
    it('stays silent, because one process writes', async () => {
      const listener = listenForChanges(await open(), assert.fail, (error) => assert.fail(String(error)))
      await listener.close()
    })
    return
  }

  /** Topics as they come, and a way to wait for the next. */
  function collect() {
    let wake = Promise.withResolvers<void>()
    let topics: Topic[] = []
    return {
      changed: (topic: Topic) => {
        topics.push(topic)
        wake.resolve()
      },
      next: async () => {
        await wake.promise
        wake = Promise.withResolvers()
        const seen = topics
        topics = []
        return seen
      },
    }
  }

  it('reports everything at first, then what other connections commit', async () => {
    const database = await open()
    const { changed, next } = collect()
    const listener = listenForChanges(database, changed, (error) => assert.fail(String(error)))
    try {
      assert.deepEqual(await next(), ['configuration', 'users', 'crls'])
      await database.kysely.transaction().execute(async (transaction) => {
        await announce(database, transaction, 'configuration')
      })
      assert.deepEqual(await next(), ['configuration'])
      await assert.rejects(
        database.kysely.transaction().execute(async (transaction) => {
          await announce(database, transaction, 'configuration')
          throw new Error('taken back')
        }),
      )
      await database.kysely.transaction().execute((transaction) => nextUserRevision(database, transaction))
      assert.deepEqual(await next(), ['users'])
    } finally {
      await listener.close()
    }
  })

  it('connects again after the connection broke, and then reports everything', async () => {
    const database = await open()
    const { changed, next } = collect()
    const failures: unknown[] = []
    const listener = listenForChanges(database, changed, (error) => failures.push(error))
    try {
      await next()
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'listen%'`.execute(database.kysely)
      assert.deepEqual(await next(), ['configuration', 'users', 'crls'])
      assert.equal(failures.length, 1)
    } finally {
      await listener.close()
    }
  })
})
