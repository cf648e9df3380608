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
  it('goes from recorded to issued to revoked, and never back', async () => {
    const store = new CertificateStore((await open()).kysely)
    await store.record(intent)
    assert.deepEqual(await store.issuedOfKind('client'), [])
    assert.equal(await store.revoke('4a01', 2000, 'keyCompromise'), false)
    assert.equal(await store.markIssued('4a01', 'PEM', 'ff'), true)
    assert.equal(await store.markIssued('4a01', 'OTHER', 'ee'), false)
    assert.equal((await store.issuedOfKind('client')).length, 1)
    assert.equal(await store.revoke('4a01', 2000, 'keyCompromise'), true)
    assert.equal(await store.revoke('4a01', 3000, 'superseded'), false)
    assert.deepEqual(await store.issuedOfKind('client'), [])
    const found = await store.find('4a01')
    assert.deepEqual(
      [found?.status, found?.pem, found?.revoked_at, found?.revocation_reason],
      ['revoked', 'PEM', 2000, 'keyCompromise'],
    )
  })

  it('refuses a serial that is taken', async () => {
    const store = new CertificateStore((await open()).kysely)
    await store.record(intent)
    await assert.rejects(store.record(intent))
    assert.equal(await store.markIssued('unknown', 'PEM', 'ff'), false)
  })

  it('lists what is revoked until it expires', async () => {
    const store = new CertificateStore((await open()).kysely)
    await store.record(intent)
    await store.markIssued('4a01', 'PEM', 'ff')
    await store.revoke('4a01', 2000, 'keyCompromise')
    assert.equal((await store.revoked(9000)).length, 1)
    assert.deepEqual(await store.revoked(9001), [])
  })
})
