import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { SharedTransactions } from './shared-transactions.ts'
import { forEachEngine } from './testing.ts'

forEachEngine(({ open }) => {
  const values = async (kysely: Kysely<Schema>) =>
    (
      await kysely.selectFrom('revisions').select(['name', 'value']).where('name', 'like', 'test-%').execute()
    ).map(({ name, value }) => `${name} ${value}`)

  const insert = (transactions: SharedTransactions, name: string, value = 1) =>
    transactions.run((transaction) =>
      transaction
        .insertInto('revisions')
        .values({ name, value })
        .execute()
        .then(() => value),
    )

  /** How often a transaction was begun, in whatever way. */
  function counted({ kysely }: Database) {
    let begun = 0
    const counting = Object.assign(Object.create(kysely) as Kysely<Schema>, {
      transaction: () => {
        begun++
        return kysely.transaction()
      },
    })
    return { kysely: counting, begun: () => begun }
  }

  it('ok/what is asked for at once shares commits, and each caller has its own result', async () => {
    const database = await open()
    const { kysely, begun } = counted(database)
    const transactions = new SharedTransactions(kysely)
    const wanted = Array.from({ length: 150 }, (_, index) => index)
    const results = await Promise.all(wanted.map((index) => insert(transactions, `test-${index}`, index)))
    assert.deepEqual(results, wanted)
    assert.equal((await values(database.kysely)).length, 150)
    assert.equal(begun(), 2)
  })

  it('ok/one sees what another before it in the same transaction wrote', async () => {
    const { kysely } = await open()
    const transactions = new SharedTransactions(kysely)
    const [, found] = await Promise.all([
      insert(transactions, 'test-a'),
      transactions.run((transaction) =>
        transaction.selectFrom('revisions').select('value').where('name', '=', 'test-a').executeTakeFirst(),
      ),
    ])
    assert.equal(Number(found?.value), 1)
  })

  it('fail/one that throws leaves nothing behind, and the others are committed', async () => {
    const { kysely } = await open()
    const transactions = new SharedTransactions(kysely)
    const outcomes = await Promise.allSettled([
      insert(transactions, 'test-a'),
      transactions.run(async (transaction) => {
        await transaction.insertInto('revisions').values({ name: 'test-b', value: 1 }).execute()
        throw new Error('changed its mind')
      }),
      // Refused by the database itself.
      insert(transactions, 'test-a', 2),
      insert(transactions, 'test-c'),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    )
    assert.match(String(outcomes[1]?.status === 'rejected' && outcomes[1].reason), /changed its mind/)
    assert.deepEqual(await values(kysely), ['test-a 1', 'test-c 1'])
  })

  it('fail/nobody is told of success where the commit fails', async () => {
    const { kysely } = await open()
    const failing = Object.assign(Object.create(kysely) as Kysely<Schema>, {
      transaction: () => ({
        execute: (work: Parameters<ReturnType<typeof kysely.transaction>['execute']>[0]) =>
          kysely.transaction().execute(async (transaction) => {
            await work(transaction)
            throw new Error('disk full')
          }),
      }),
    })
    const transactions = new SharedTransactions(failing)
    const outcomes = await Promise.allSettled(['test-a', 'test-b'].map((name) => insert(transactions, name)))
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected')
      assert.equal(outcome.reason.code, 'commit-failed')
    }
    assert.deepEqual(await values(kysely), [])
  })

  it('close commits what waits and refuses the rest', async () => {
    const { kysely } = await open()
    const transactions = new SharedTransactions(kysely)
    const last = insert(transactions, 'test-a')
    await transactions.close()
    assert.equal(await last, 1)
    await assert.rejects(insert(transactions, 'test-b'), { code: 'store-closed' })
  })
})
