import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { tarArchive } from './tar.ts'

test('GNU tar lists and reads what was put in', () => {
  const files = [
    { name: 'bundle/a.txt', content: Buffer.from('first') },
    { name: 'bundle/empty.txt', content: Buffer.alloc(0) },
    { name: 'bundle/block.bin', content: Buffer.alloc(512, 7) },
    { name: 'bundle/large.bin', content: Buffer.alloc(100_000, 'x') },
  ]
  const input = tarArchive(files, 1_700_000_000_000)
  const listed = spawnSync('tar', ['-tf', '-'], { input, encoding: 'utf8' })
  assert.equal(listed.stderr, '')
  assert.deepEqual(
    listed.stdout.trim().split('\n'),
    files.map(({ name }) => name),
  )
  for (const { name, content } of files) {
    const { stdout, status } = spawnSync('tar', ['-xOf', '-', name], { input })
    assert.equal(status, 0)
    assert.deepEqual(stdout, content)
  }
})

test('fail/a name that does not fit is refused, not cut', () => {
  assert.throws(() => tarArchive([{ name: 'x'.repeat(101), content: Buffer.alloc(0) }], 0), TypeError)
})
