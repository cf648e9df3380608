import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWriter } from '../../store/open.ts'
import { IssuedRecords } from './issued-records.ts'

test('fail/of too many questions at a time the next is not asked, and nobody is said to be unknown', async () => {
  const database = await openWriter('sqlite::memory:')
  try {
    const records = new IssuedRecords(database.kysely, () => assert.fail('nothing is recorded'))
    const asked = Array.from({ length: 257 }, (_, number) => records.has(`${number}`))
    const answers = await Promise.allSettled(asked)
    assert.ok(answers.slice(0, 256).every((one) => one.status === 'fulfilled' && !one.value))
    const [last] = answers.slice(-1)
    assert.ok(last?.status === 'rejected' && last.reason.code === 'records-busy')
    assert.equal(await records.has('later'), false)
  } finally {
    await database.close()
  }
})
