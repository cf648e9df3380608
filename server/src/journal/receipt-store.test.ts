import assert from 'node:assert/strict'
import { it } from 'node:test'
import { reason } from '../reasons/index.ts'
import { forEachEngine } from '../store/testing.ts'
import type { Receipt } from './receipt.ts'
import { receiptRow } from './receipt-row.ts'
import { ReceiptStore } from './receipt-store.ts'
import { RECEIPT, receipt } from './testing.ts'

const ids = (page: { items: readonly { id: string }[] }) => page.items.map(({ id }) => Number(id.slice(10)))

forEachEngine(({ open }) => {
  it('gives back what was stored, and stores a receipt once', async () => {
    const store = new ReceiptStore(await open())
    await insert(store, [RECEIPT])
    await insert(store, [{ ...RECEIPT, user: 'mallory' }, receipt(2)])
    assert.deepEqual(await store.get(RECEIPT.id), RECEIPT)
    assert.equal((await store.search({})).items.length, 2)
    assert.equal(await store.get('none'), undefined)
    await insert(store, [])
  })

  it('searches by every column, newest first', async () => {
    const store = new ReceiptStore(await open())
    const wrong = reason('wrong-password', { user: 'bob' })
    await insert(store, [
      receipt(1, { user: 'Alice' }),
      receipt(2, { user: 'bob', outcome: 'reject', reason: wrong }),
      receipt(3, { network: { ...RECEIPT.network, client: 'wifi' } }),
      receipt(4, { facts: { request: { callingStationId: 'AA-BB-CC-DD-EE-FF' } } }),
    ])
    assert.deepEqual(ids(await store.search({})), [4, 3, 2, 1])
    assert.deepEqual(ids(await store.search({ user: 'ALICE' })), [4, 3, 1])
    assert.deepEqual(ids(await store.search({ client: 'wifi' })), [3])
    assert.deepEqual(ids(await store.search({ outcome: 'reject' })), [2])
    assert.deepEqual(ids(await store.search({ reason: 'wrong-password', user: 'bob' })), [2])
    assert.deepEqual(ids(await store.search({ station: 'aa:bb:cc:dd:ee:ff' })), [4])
    assert.deepEqual(ids(await store.search({ since: RECEIPT.at + 2000, until: RECEIPT.at + 3000 })), [3, 2])
  })

  it('pages without losing or repeating, also where many share one instant', async () => {
    const store = new ReceiptStore(await open())
    await insert(
      store,
      Array.from({ length: 25 }, (_, number) => receipt(number, { at: RECEIPT.at + (number >> 3) })),
    )
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await store.search({ limit: 4, cursor })
      seen.push(...ids(page))
      cursor = page.next
    } while (cursor !== undefined)
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, number) => 24 - number),
    )
    assert.equal((await store.search({ cursor: "1' or 1=1" })).items.length, 25)
  })

  it('finds the last accept of the same user through the same client before a receipt', async () => {
    const store = new ReceiptStore(await open())
    const failed = receipt(5, { outcome: 'reject' })
    await insert(store, [
      receipt(1),
      receipt(2),
      receipt(3, { network: { ...RECEIPT.network, client: 'wifi' } }),
      receipt(4, { user: 'bob' }),
      failed,
      receipt(6),
    ])
    assert.equal((await store.lastAcceptBefore(failed))?.id, receipt(2).id)
    assert.equal(await store.lastAcceptBefore({ ...failed, user: 'carol' }), undefined)
    const early = (facts: Receipt['facts']) => ({ ...failed, decided: false, facts })
    const elsewhere = early({ user: { name: 'alice', realm: 'example.net' } })
    assert.equal(await store.lastAcceptBefore(elsewhere), undefined, 'another realm is another account')
    const unproved = early({ auth: { outerIdentity: 'anonymous' } })
    assert.equal((await store.lastAcceptBefore(unproved))?.id, receipt(2).id)
    assert.equal(await store.lastAcceptBefore({ ...failed, user: undefined }), undefined)
  })

  it('keeps by age', async () => {
    const store = new ReceiptStore(await open())
    const now = RECEIPT.at + 10 * 86_400_000
    await insert(store, [receipt(1), receipt(2), receipt(3, { at: now })])
    assert.deepEqual(await store.retain({ keepDays: 90, maximumMegabytes: 100 }, now), {
      deleted: 0,
      more: false,
    })
    assert.deepEqual(await store.retain({ keepDays: 9, maximumMegabytes: 100 }, now), {
      deleted: 2,
      more: false,
    })
    assert.deepEqual(ids(await store.search({})), [3])
  })

  it('keeps by size, the newest, in steps that leave the writer to others', async () => {
    const store = new ReceiptStore(await open())
    const long = { 'Reply-Message': ['x'.repeat(1000)] }
    const facts = { request: { attributes: long } }
    const count = 2_600
    await insert(
      store,
      Array.from({ length: count }, (_, number) => receipt(number, { facts })),
    )
    const retention = { keepDays: 90, maximumMegabytes: 1 }
    let calls = 0
    for (let more = true; more; calls++) ({ more } = await store.retain(retention, RECEIPT.at))
    assert.ok(calls > 2 && calls < 5, String(calls))
    const left = ids(await store.search({ limit: 1 }))
    assert.deepEqual(left, [count - 1])
    assert.deepEqual(await store.retain(retention, RECEIPT.at), { deleted: 0, more: false })
    const { items } = await store.search({ until: RECEIPT.at + 1_000_000 })
    assert.equal(items.length, 0)
  })

  it('leaves out and counts a receipt that cannot be stored, and keeps the others', async () => {
    const store = new ReceiptStore(await open())
    const { refused } = await insert(store, [receipt(1), receipt(2, { at: Number.NaN }), receipt(3)])
    assert.equal(refused, 1)
    assert.deepEqual(ids(await store.search({})), [3, 1])
  })

  it('takes names and values no database likes', async () => {
    const store = new ReceiptStore(await open())
    const user = 'a\0b\ud800"; drop table receipts; --'
    const name = reason('user-name-malformed', { user })
    await insert(store, [
      receipt(1, { user, reason: name, facts: { request: { callingStationId: 'x\0y' } } }),
    ])
    assert.equal((await store.search({ station: 'x\0y' })).items.length, 1)
    assert.equal((await store.search({ user })).items.length, 1)
  })
})

function insert(store: ReceiptStore, receipts: readonly Receipt[]) {
  return store.insert(receipts.map(receiptRow))
}
