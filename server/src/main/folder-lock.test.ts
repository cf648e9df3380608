import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError } from '../kernel/errors.ts'
import { lockFolder } from './folder-lock.ts'

function withFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  try {
    use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a second server on the same folder is refused, and may start after the first has ended', () => {
  withFolder((folder) => {
    const unlock = lockFolder(folder)
    assert.throws(
      () => lockFolder(folder),
      (error) =>
        error instanceof ConfigError &&
        error.code === 'data-folder-in-use' &&
        error.message.includes(`process ${process.pid}`),
    )
    unlock()
    lockFolder(folder)()
  })
})

test('what a crash left behind, also under a process number that is in use again, does not stand in the way', () => {
  withFolder((folder) => {
    for (const left of ['4194304 123\n', `${process.pid} 1\n`, 'rubbish', '']) {
      writeFileSync(join(folder, 'server.pid'), left)
      lockFolder(folder)()
    }
  })
})
