import assert from 'node:assert/strict'
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ProfileFile } from '../listeners/https/services.ts'
import { writeProfileFiles } from './profile-files.ts'

const FILE: ProfileFile = {
  ...{ name: 'eap-radius.conf', mediaType: 'text/plain', encoding: 'utf8' },
  ...{ content: 'secret', holdsSecret: true },
}
const terminal = { print: () => {} } as unknown as Parameters<typeof writeProfileFiles>[2] // nothing else is used

test('fail/--force: neither a link is followed nor the mode of an older file kept', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-files-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [path, other] = [join(folder, FILE.name), join(folder, 'other')]
  const write = (force: boolean) => writeProfileFiles([FILE], { folder, force }, terminal)
  writeFileSync(other, 'mine', { mode: 0o644 })
  symlinkSync(other, path)
  assert.throws(() => write(false))
  write(true)
  assert.equal(readFileSync(other, 'utf8'), 'mine')
  assert.ok(lstatSync(path).isFile())
  rmSync(path)
  writeFileSync(path, 'older', { mode: 0o644 })
  write(true)
  assert.equal(statSync(path).mode & 0o777, 0o600)
})
