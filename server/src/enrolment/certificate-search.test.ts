import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../store/testing.ts'
import type { CertificateFilter } from './certificate-search.ts'
import { CertificateStore } from './certificate-store.ts'

interface Row {
  readonly serial: string
  readonly names?: readonly string[]
  readonly kind?: string
  readonly template?: string
  readonly status?: 'issued' | 'held' | 'revoked'
  readonly at?: number
  readonly end?: number
  readonly fingerprint?: string
  readonly renewedBy?: string
}

forEachEngine(({ open }) => {
  async function house(...rows: Row[]) {
    const { kysely } = await open()
    const store = new CertificateStore(kysely)
    for (const { serial, names = [], at = 1000, end = 9000, ...row } of rows) {
      const {
        kind = 'client',
        template = 'user',
        status = 'issued',
        fingerprint = serial,
        renewedBy = null,
      } = row
      await kysely
        .insertInto('certificates')
        .values({
          ...{ serial, kind, template, status, fingerprint, created_at: at, not_before: 0, not_after: end },
          ...{
            subject: names[0] ?? '',
            pem: 'PEM',
            key_sealed: null,
            revoked_at: null,
            revocation_reason: null,
          },
          superseded_by: renewedBy,
        })
        .execute()
      for (const name of names)
        await kysely.insertInto('certificate_names').values({ name, serial, newest: -at }).execute()
    }
    const find = async (filter: Partial<CertificateFilter>) => {
      const found: string[] = []
      let cursor: string | undefined
      // By pages of two, so that every cursor is used.
      do {
        const page = await store.list({ limit: 2, ...filter, cursor }, 5000)
        found.push(...page.rows.map(({ serial }) => serial))
        cursor = page.next
      } while (cursor !== undefined && found.length < 100)
      return found.join(' ')
    }
    return find
  }

  it('ok/the latest first; by template, kind and status, alone and together', async () => {
    const find = await house(
      { serial: '4a01', at: 1, kind: 'client' },
      { serial: '4a02', at: 2, template: 'vpn', status: 'revoked' },
      { serial: '4a03', at: 2, template: 'vpn' },
      { serial: '4a04', at: 3, kind: 'https-server', template: 'vpn', status: 'held' },
    )
    assert.equal(await find({}), '4a04 4a03 4a02 4a01')
    assert.equal(await find({ template: 'vpn' }), '4a04 4a03 4a02')
    assert.equal(await find({ status: 'revoked' }), '4a02')
    assert.equal(await find({ kind: 'client' }), '4a03 4a02 4a01')
    assert.equal(await find({ kind: 'client', template: 'vpn', status: 'issued' }), '4a03')
  })

  it('ok/by the beginning of serial, fingerprint and any name, each once; never by a part', async () => {
    const find = await house(
      { serial: '4a01', at: 1, names: ['alice', 'alice@example.org'], fingerprint: 'f00dfeed01' },
      { serial: '4a02', at: 2, names: ['alice', 'alice@example.org'] },
      { serial: '4b03', at: 3, names: ['bob_1'], fingerprint: 'f00dfeed02' },
      { serial: '4b04', at: 4, names: ['gw%1.example.org', 'bobx1'] },
      { serial: 'ada0', at: 5, names: ['ada'] },
      { serial: 'bbbb', at: 6, names: ['ada lovelace', 'zo\u{1f600}'] },
    )
    assert.equal(await find({ search: '4a' }), '4a01 4a02')
    assert.equal(await find({ search: '4B:04' }), '4b04')
    assert.equal(await find({ search: 'F00DFEED' }), '4a01 4b03')
    assert.equal(await find({ search: 'Alice' }), '4a02 4a01')
    assert.equal(await find({ search: 'bob' }), '4b03 4b04')
    assert.equal(await find({ search: 'bob_' }), '4b03')
    assert.equal(await find({ search: 'gw%' }), '4b04')
    assert.equal(await find({ search: 'ada' }), 'ada0 bbbb')
    assert.equal(await find({ search: 'zo' }), 'bbbb')
    assert.equal(await find({ search: 'example.org' }), '')
    assert.equal(await find({ search: 'alice', template: 'vpn' }), '')
  })

  it('ok/what ends soon, the first to end first, without what was renewed, revoked or has ended', async () => {
    const find = await house(
      { serial: '4a01', end: 7000 },
      { serial: '4a02', end: 6000 },
      { serial: '4a03', end: 6500, renewedBy: '4a09' },
      { serial: '4a04', end: 6600, status: 'revoked' },
      { serial: '4a05', end: 4000 },
      { serial: '4a06', end: 8000 },
    )
    assert.equal(await find({ expiringBefore: 8000 }), '4a02 4a01')
    assert.equal(await find({ expiringBefore: 9000, template: 'user' }), '4a02 4a01 4a06')
  })
})
