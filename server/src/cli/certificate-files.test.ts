import assert from 'node:assert/strict'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../lab/process.ts'
import { prepareFiles, writeFiles } from './certificate-files.ts'

const TEXTS = { certificate: 'CHAIN', key: 'KEY', ca: 'CA' }
const wishes = { user: 'alice', withKey: true, ca: 'CA', force: false }

test('ok/the key is for its owner alone, also in the place of a file that was not', () => {
  using folder = temporaryFolder()
  const key = join(folder.path, 'alice.key')
  writeFileSync(key, 'OLD')
  chmodSync(key, 0o644)
  const files = prepareFiles({ ...wishes, folder: folder.path, force: true })
  assert.equal(readFileSync(key, 'utf8'), 'OLD', 'nothing is lost before there is something new')
  writeFiles(files, TEXTS)
  assert.equal(readFileSync(key, 'utf8'), 'KEY')
  assert.equal(statSync(key).mode & 0o777, 0o600)
})

test('fail/files that are there are kept', () => {
  using folder = temporaryFolder()
  const at = { ...wishes, folder: folder.path }
  writeFiles(prepareFiles(at), TEXTS)
  assert.throws(() => prepareFiles(at), /There already: .*alice\.pem, .*alice\.key\. Choose/)
  assert.throws(() => prepareFiles({ ...at, user: 'bob', ca: 'OTHER' }), /There already: .*ca\.pem\. Choose/)
  prepareFiles({ ...at, user: 'bob' })
})

test('ok/with a request the key of the holder is neither in the way nor touched', () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'alice.key'), 'MINE')
  const files = prepareFiles({ ...wishes, folder: folder.path, withKey: false })
  writeFiles(files, { certificate: 'CHAIN', ca: 'CA' })
  assert.equal(readFileSync(join(folder.path, 'alice.key'), 'utf8'), 'MINE')
})

test('ok/no user name leads out of the folder', () => {
  using folder = temporaryFolder()
  for (const user of ['../../etc/passwd', '/etc/passwd', '..', '.hidden', '-rf', 'host/pc1.example.org']) {
    const { certificate } = prepareFiles({ ...wishes, folder: folder.path, user })
    assert.match(certificate.slice(folder.path.length), /^\/[^/.-][^/]*\.pem$/, user)
  }
})

test('fail/a folder that cannot be made is told before anything is issued', () => {
  assert.throws(() => prepareFiles({ ...wishes, folder: '/dev/null/x' }), /\/dev\/null\/x cannot be used/)
})
