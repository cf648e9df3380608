import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Metrics } from '../kernel/metrics.ts'
import { Journal } from './journal.ts'
import type { ReceiptRow } from './receipt-row.ts'
import { receipt } from './testing.ts'

const STORED = { refused: 0 }
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('receipts are handed over in batches, later, in their order', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const batches: number[] = []
  const seen: string[] = []
  const deliver = async (batch: readonly ReceiptRow[]) => {
    batches.push(batch.length)
    seen.push(...batch.map(({ id }) => id))
    return STORED
  }
  const journal = new Journal({ deliver, metrics: new Metrics() })
  const all = Array.from({ length: 1200 }, (_, number) => receipt(number))
  for (const each of all) journal.record(() => each)
  await settled()
  assert.deepEqual(batches, [])
  mock.timers.tick(100)
  await settled()
  assert.deepEqual(batches, [500, 500, 200])
  assert.deepEqual(
    seen,
    all.map(({ id }) => id),
  )
  journal.record(() => receipt(9))
  mock.timers.tick(100)
  await settled()
  assert.deepEqual(batches, [500, 500, 200, 1])
  mock.timers.reset()
})

test('a store that falls behind costs receipts, never a login, and the loss is counted', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const metrics = new Metrics()
  let release = () => {}
  const deliver = () => new Promise<typeof STORED>((resolve) => (release = () => resolve(STORED)))
  const journal = new Journal({ deliver, metrics, capacity: 3 })
  journal.record(() => receipt(1))
  mock.timers.tick(100)
  for (let number = 2; number < 7; number++) journal.record(() => receipt(number))
  assert.equal(journal.dropped, 3)
  const values = new Map((await metrics.snapshot()).map(({ name, values: [first] }) => [name, first?.value]))
  assert.equal(values.get('sallyport_journal_dropped'), 3)
  assert.equal(values.get('sallyport_journal_receipts'), 3)
  assert.equal(values.get('sallyport_journal_waiting'), 3)
  release()
  await settled()
  release()
  await settled()
  journal.record(() => receipt(8))
  assert.equal(journal.dropped, 3)
  mock.timers.reset()
})

test('a batch the store did not take is handed over again', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const taken: string[] = []
  const failures: unknown[] = []
  let broken = true
  const deliver = async (batch: readonly ReceiptRow[]) => {
    if (broken) throw new Error('disk full')
    taken.push(...batch.map(({ id }) => id))
    return STORED
  }
  const journal = new Journal({ deliver, metrics: new Metrics(), failed: (error) => failures.push(error) })
  journal.record(() => receipt(1))
  mock.timers.tick(100)
  await settled()
  journal.record(() => receipt(2))
  assert.deepEqual([taken, failures.length], [[], 1])
  broken = false
  mock.timers.tick(1000)
  await settled()
  assert.deepEqual(taken, [receipt(1).id, receipt(2).id])
  mock.timers.reset()
})

test('what the database refuses for good is counted as lost', async () => {
  const journal = new Journal({ deliver: async () => ({ refused: 1 }), metrics: new Metrics() })
  for (const number of [1, 2, 3]) journal.record(() => receipt(number))
  await journal.close()
  assert.equal(journal.dropped, 1)
})

test('close hands over what waits, and ends where the store is gone', async () => {
  const taken: string[] = []
  const journal = new Journal({
    deliver: async (batch) => {
      taken.push(...batch.map(({ id }) => id))
      return STORED
    },
    metrics: new Metrics(),
  })
  journal.record(() => receipt(1))
  await journal.close()
  assert.deepEqual(taken, [receipt(1).id])
  journal.record(() => receipt(2))
  assert.equal(journal.dropped, 1)

  const deaf = new Journal({ deliver: () => Promise.reject(new Error('gone')), metrics: new Metrics() })
  deaf.record(() => receipt(1))
  await deaf.close()
  assert.equal(deaf.dropped, 1)
})
