import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { zip } from './zip.ts'

const READ = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print([(name, archive.read(name).decode()) for name in archive.namelist()])
`

test('ok/Python reads every file back, checksums and all', { skip: skipReason('python3-pyrad') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'))
  try {
    const file = join(folder, 'a.zip')
    const entries = [
      { name: 'one.sswan', content: Buffer.from('{"a": 1}') },
      { name: 'empty', content: Buffer.alloc(0) },
      { name: 'two.txt', content: Buffer.from('Ünïcode') },
    ]
    writeFileSync(file, zip(entries))
    const read = execFileSync('python3', ['-c', READ, file]).toString().trim()
    assert.equal(read, "[('one.sswan', '{\"a\": 1}'), ('empty', ''), ('two.txt', 'Ünïcode')]")
    assert.deepEqual(zip(entries), zip(entries))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
