import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { CertificateFolder } from './certificate-folder.ts'

const base = mkdtempSync(join(tmpdir(), 'enrolled-'))
after(() => rmSync(base, { recursive: true, force: true }))

const texts = (name: string) => ({ key: `key ${name}`, certificate: `cert ${name}`, chain: `chain ${name}` })

test('ok/key and certificate change together, and three versions are kept', () => {
  const folder = new CertificateFolder(join(base, 'a'))
  folder.keepSettings('{}')
  assert.equal(folder.credentials(), undefined)
  for (const name of ['1', '2', '3', '4', '5']) {
    folder.install(texts(name))
    assert.deepEqual(folder.credentials(), texts(name))
  }
  assert.equal(readlinkSync(join(folder.path, 'live')), join('versions', '5'))
  assert.ok(existsSync(join(folder.path, 'versions', '3')) && !existsSync(join(folder.path, 'versions', '2')))
  assert.equal(statSync(folder.keyFile).mode & 0o777, 0o600)
  assert.equal(statSync(folder.path).mode & 0o777, 0o700)
})

test('ok/what a crash left half written is not used and not in the way', () => {
  const folder = new CertificateFolder(join(base, 'b'))
  folder.keepSettings('{}')
  folder.install(texts('1'))
  writeFileSync(join(folder.path, '.ca.pem'), 'half', { mode: 0o644 })
  writeFileSync(join(folder.path, '.live'), 'half')
  folder.keepAuthorities('whole')
  folder.install(texts('2'))
  assert.equal(readFileSync(folder.caFile, 'utf8'), 'whole')
  assert.deepEqual(folder.credentials(), texts('2'))
})

test('fail/a folder that cannot be used says so', () => {
  writeFileSync(join(base, 'file'), '')
  assert.throws(() => new CertificateFolder(join(base, 'file')).keepSettings('{}'), /cannot be used/)
})
