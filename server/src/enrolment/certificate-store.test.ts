import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../store/testing.ts'
import { CertificateStore } from './certificate-store.ts'

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
})
