import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../../store/testing.ts'
import { CertificateStore } from '../certificate-store.ts'
import { CertificateRequestStore, type RequestIntent } from './certificate-request-store.ts'

const intent: RequestIntent = {
  ...{ transaction_key: 'est/1', protocol: 'est', template: 'user', requester: 'alice' },
  ...{ holder_id: 'corp/a1', device_id: null, key_hash: 'k1', days: null, requester_data: '{}' },
  ...{ request: Uint8Array.of(1, 2, 3), renews: null, created_at: 1000, status: 'approved' },
  ...{ mayReuseKey: false, most: 3, mostRenewals: 2 },
}
const other = (count: number, more: Partial<RequestIntent> = {}): RequestIntent => ({
  ...intent,
  ...{ transaction_key: `est/${count}`, key_hash: `k${count}` },
  ...more,
})
const certificate = {
  ...{ kind: 'client', subject: 'CN=alice', key_sealed: null, not_before: 0, not_after: 9_000 },
  ...{ created_at: 1000, template: 'user', holder_id: 'corp/a1' },
}

forEachEngine(({ open }) => {
  const stores = async () => {
    const { kysely } = await open()
    const requests = new CertificateRequestStore(kysely)
    const certificates = new CertificateStore(kysely)
    const issued = async (serial: string, more: object = {}) => {
      await certificates.record({ ...certificate, serial, ...more })
      await certificates.markIssued(serial, 'PEM', serial)
    }
    return { requests, certificates, issued }
  }

  it('ok/one transaction is one row, for fifty at once', async () => {
    const { requests } = await stores()
    const opened = await Promise.all(Array.from({ length: 50 }, () => requests.open(intent)))
    const kinds = opened.map(({ kind }) => kind)
    assert.equal(kinds.filter((kind) => kind === 'new').length, 1)
    assert.equal(kinds.filter((kind) => kind === 'known').length, 49)
    const { rows } = await requests.list({ limit: 10 })
    assert.deepEqual([rows.length, [...(rows[0]?.request ?? [])]], [1, [1, 2, 3]])
  })

  it('fail/fifty transactions at once get no more than the holder may have', async () => {
    const { requests } = await stores()
    const opened = await Promise.all(Array.from({ length: 50 }, (_, at) => requests.open(other(at))))
    assert.equal(opened.filter(({ kind }) => kind === 'new').length, 3)
    assert.equal(opened.filter(({ kind }) => kind === 'too-many').length, 47)
  })

  it('fail/one key for fifty holders at once: one of them gets it', async () => {
    const { requests } = await stores()
    const opened = await Promise.all(
      Array.from({ length: 50 }, (_, at) => requests.open(other(at, { key_hash: 'k', holder_id: `h${at}` }))),
    )
    assert.equal(opened.filter(({ kind }) => kind === 'new').length, 1)
    assert.equal(opened.filter(({ kind }) => kind === 'key-taken').length, 49)
  })

  it('counts what is valid, not what is superseded, ended or of another template or device', async () => {
    const { requests, issued } = await stores()
    const kind = async (at: number, more: Partial<RequestIntent> = {}) =>
      (await requests.open(other(at, { most: 1, ...more }))).kind
    await issued('4a01', { not_after: 900 })
    await issued('4a02', { template: 'computer' })
    await issued('4a03', { holder_id: 'corp/b2' })
    assert.equal(await kind(1), 'new')
    await requests.finish(1, '4a04', [])
    await issued('4a04')
    assert.equal(await kind(2), 'too-many')
    assert.equal(await kind(2, { renews: '4a04' }), 'new')
    await requests.finish(2, '4a05', ['4a04'])
    await issued('4a05')
    assert.equal(await kind(3), 'too-many')
    assert.equal(await kind(3, { most: 2 }), 'new')
    assert.equal(await kind(4, { device_id: 'phone' }), 'new')
    assert.deepEqual(await requests.held({ id: 'corp/a1', device: null }, ['user'], 1000), ['4a05'])
  })

  it('fail/renewals without end', async () => {
    const { requests } = await stores()
    const renew = (at: number, more: Partial<RequestIntent> = {}) =>
      requests.open(other(at, { renews: '4a01', most: 1000, ...more }))
    assert.equal((await renew(1)).kind, 'new')
    assert.equal((await renew(2)).kind, 'new')
    assert.equal((await renew(3)).kind, 'too-often')
    assert.equal((await renew(3, { created_at: 1000 + 86_400_000 })).kind, 'new')
    const nobody = { holder_id: null, requester: 'ACME account 17' }
    assert.equal((await renew(4, nobody)).kind, 'new')
    assert.equal((await renew(5, nobody)).kind, 'new')
    assert.equal((await renew(6, nobody)).kind, 'too-often')
    assert.equal((await renew(6, { ...nobody, requester: 'ACME account 18' })).kind, 'new')
  })

  it('a key stays its holder’s, with and without leave to go on with it', async () => {
    const { requests, issued } = await stores()
    await issued('4a01', { key_hash: 'k' })
    const kind = async (at: number, more: Partial<RequestIntent>) =>
      (await requests.open(other(at, { key_hash: 'k', ...more }))).kind
    assert.equal(await kind(1, { mayReuseKey: false }), 'key-taken')
    assert.equal(await kind(1, { mayReuseKey: true, holder_id: 'corp/b2' }), 'key-taken')
    assert.equal(await kind(1, { mayReuseKey: true }), 'new')
  })

  it('a claim is for one, until it is given back or its owner has long been silent', async () => {
    const { requests } = await stores()
    const opened = await requests.open(intent)
    assert.ok(opened.kind === 'new')
    const { id } = opened.record
    // Whoever opened it has it.
    assert.equal(await requests.claim(id, 1001, 999), false)
    const claims = await Promise.all(Array.from({ length: 20 }, () => requests.claim(id, 5000, 4000)))
    assert.equal(claims.filter((claimed) => claimed).length, 1)
    assert.equal(await requests.claim(id, 6000, 5000), true)
    await requests.release(id)
    assert.equal(await requests.claim(id, 6001, 1), true)
    await requests.finish(id, '4a01', [])
    assert.equal(await requests.claim(id, 99_000, 90_000), false)
    assert.deepEqual(
      [(await requests.find(id))?.status, (await requests.find(id))?.serial],
      ['issued', '4a01'],
    )
  })

  it('is decided once, listed by state, and found page by page', async () => {
    const { requests } = await stores()
    for (const at of [1, 2, 3]) await requests.open(other(at, { status: 'pending' }))
    const decision = { by: 'ada', note: 'no', at: 2000 }
    const decisions = await Promise.all(
      (['approved', 'denied', 'approved'] as const).map((status) =>
        requests.decide(2, { status, ...decision }),
      ),
    )
    assert.equal(decisions.filter((decided) => decided).length, 1)
    const ids = async (query: object) =>
      (await requests.list({ limit: 10, ...query })).rows.map(({ id }) => id)
    assert.deepEqual(await ids({ status: 'pending' }), [3, 1])
    assert.deepEqual(await ids({ search: 'ALI' }), [3, 2, 1])
    assert.deepEqual(await ids({ search: 'a%i' }), [])
    const page = await requests.list({ limit: 2 })
    assert.deepEqual([page.rows.map(({ id }) => id), page.next], [[3, 2], '2'])
    assert.deepEqual(await ids({ cursor: page.next }), [1])
  })
})
