import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../store/testing.ts'
import { type CertificateFilter, CertificateStore } from './certificate-store.ts'

const intent = {
  serial: '4a01',
  kind: 'client',
  subject: 'CN=alice',
  key_sealed: null,
  not_before: 1000,
  not_after: 9000,
  created_at: 1000,
}

forEachEngine(({ open }) => {
  it('goes from recorded to issued, once', async () => {
    const store = new CertificateStore((await open()).kysely)
    await store.record({ ...intent, holder_id: 'local/1', issuer_key: 'ab' })
    assert.equal((await store.find('4a01'))?.holder_id, 'local/1')
    assert.deepEqual(await store.issuedOfKind('client'), [])
    assert.equal(await store.markIssued('4a01', 'PEM', 'ff'), true)
    assert.equal(await store.markIssued('4a01', 'OTHER', 'ee'), false)
    assert.equal((await store.issuedOfKind('client')).length, 1)
  })

  it('refuses a serial that is taken', async () => {
    const store = new CertificateStore((await open()).kysely)
    await store.record(intent)
    await assert.rejects(store.record(intent))
    assert.equal(await store.markIssued('unknown', 'PEM', 'ff'), false)
  })

  it('lists the latest first, page by page, and finds by parts of subject and serial', async () => {
    const store = new CertificateStore((await open()).kysely)
    for (const [serial, subject, created_at] of [
      ['4a01', 'CN=alice', 1000],
      ['4a02', 'CN=Bob_1', 2000],
      ['4a03', 'CN=bobx1', 2000],
    ] as const)
      await store.record({ ...intent, serial, subject, created_at, kind: subject })
    const serials = async (filter: Partial<CertificateFilter>) =>
      (await store.list({ limit: 10, ...filter })).rows.map(({ serial }) => serial)
    assert.deepEqual(await serials({}), ['4a03', '4a02', '4a01'])
    const { rows, next } = await store.list({ limit: 2 })
    assert.deepEqual([rows.length, await serials({ cursor: next })], [2, ['4a01']])
    assert.equal((await store.list({ limit: 3 })).next, undefined)
    assert.deepEqual(await serials({ search: 'bob_' }), ['4a02'])
    assert.deepEqual(await serials({ search: '4A01' }), ['4a01'])
    assert.deepEqual(await serials({ kind: 'CN=alice' }), ['4a01'])
  })
})
