import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { openWriter } from '../../store/open.ts'
import { CertificateAuthority } from '../authority.ts'
import { CertificateStore } from '../certificate-store.ts'
import { SqliteIssuedCertificates } from '../issued/issued-certificates.ts'
import { IssuedRecords } from '../issued/issued-records.ts'
import { issueToAlice, openAuthorityBench } from '../testing.ts'
import { AuthorityStore } from './authority-store.ts'

it('ok/after a backup was restored no serial comes twice, and what was issued since is unknown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'restored-'))
  try {
    const bench = await openAuthorityBench()
    const before = await issueToAlice(bench)
    const file = join(folder, 'backup.db')
    const { raw } = bench.database
    assert.ok(raw.engine === 'sqlite')
    raw.connection.exec(`vacuum into '${file}'`)
    const lost = new Map<string, string>()
    for (let count = 0; count < 10; count++) {
      const { serial, fingerprint } = await issueToAlice(bench)
      lost.set(serial, fingerprint)
    }
    assert.equal(lost.size, 10)

    const database = await openWriter(`sqlite:${file}`)
    try {
      const store = new CertificateStore(database.kysely)
      const authorities = new AuthorityStore(database.kysely)
      const authority = await CertificateAuthority.open({ ...bench.parts, store, authorities })
      assert.equal(authority.issuing.fingerprint, bench.authority.issuing.fingerprint)
      const restored = { ...bench, authority, database }
      const issued: Awaited<ReturnType<typeof issueToAlice>>[] = []
      for (let count = 0; count < 10; count++) issued.push(await issueToAlice(restored))
      assert.deepEqual(
        issued.filter(({ serial }) => lost.has(serial)),
        [],
      )
      assert.ok(database.raw.engine === 'sqlite')
      const rows = new SqliteIssuedCertificates(database.raw.connection, 'records')
      const records = new IssuedRecords(database.kysely, () => {})
      for (const [serial, fingerprint] of lost) {
        assert.equal(await store.find(serial), undefined)
        assert.deepEqual([rows.has(fingerprint), await records.has(fingerprint)], [false, false])
      }
      for (const { fingerprint } of [before, ...issued]) {
        assert.deepEqual([rows.has(fingerprint), await records.has(fingerprint)], [true, true])
      }
    } finally {
      await database.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
