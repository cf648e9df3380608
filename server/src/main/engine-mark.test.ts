import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError } from '../kernel/errors.ts'
import { startServer } from '../main.ts'
import { refuseOtherEngine, rememberEngine } from './engine-mark.ts'

async function withFolder(use: (folder: string) => unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const refused = (message: RegExp) => (error: unknown) =>
  error instanceof ConfigError && error.code === 'data-folder-other-engine' && message.test(error.message)

test('a folder keeps to the engine of its first start, and the message says how to go on', () =>
  withFolder((folder) => {
    refuseOtherEngine(folder, 'postgres')
    rememberEngine(folder, 'postgres')
    refuseOtherEngine(folder, 'postgres')
    assert.throws(() => refuseOtherEngine(folder, 'sqlite'), refused(/Name it: --database/))
    rememberEngine(folder, 'sqlite')
    assert.equal(readFileSync(join(folder, 'database-engine'), 'utf8'), 'postgres\n')
  }))

test('the reverse: a database server named for a folder that has its database inside', () =>
  withFolder((folder) => {
    rememberEngine(folder, 'sqlite')
    assert.throws(() => refuseOtherEngine(folder, 'postgres'), refused(/Leave out --database/))
  }))

test('without the mark the files tell', async () => {
  await withFolder((folder) => {
    writeFileSync(join(folder, 'users.db'), '')
    assert.throws(() => refuseOtherEngine(folder, 'sqlite'), refused(/PostgreSQL/))
    writeFileSync(join(folder, 'sallyport.db'), '')
    assert.throws(() => refuseOtherEngine(folder, 'postgres'), refused(/SQLite/))
  })
  await withFolder((folder) => {
    writeFileSync(join(folder, 'database-engine'), 'oracle\n')
    assert.throws(() => refuseOtherEngine(folder, 'sqlite'), { code: 'database-engine-unreadable' })
  })
})

test('a server started without --database on a PostgreSQL folder makes nothing', () =>
  withFolder(async (folder) => {
    rememberEngine(folder, 'postgres')
    const start = startServer({
      dataFolder: folder,
      addresses: ['127.0.0.1'],
      authenticationPorts: [],
      accountingPorts: [],
      workers: 1,
      coaPort: 0,
      httpsAddress: '127.0.0.1',
      httpsPort: 0,
      died: (error) => assert.fail(String(error)),
    })
    await assert.rejects(start, refused(/PostgreSQL/))
    assert.deepEqual(readdirSync(folder), ['database-engine'])
  }))
