import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, it } from 'node:test'
import { openWriter } from './open.ts'
import { forEachEngine } from './testing.ts'

/** One process: opens a database, arms, writes one row by group commit, says what it would have answered. */
const WRITER = `
import { writeSync } from 'node:fs'
import { openWriter } from '${import.meta.resolve('./open.ts')}'
import { GroupCommit } from '${import.meta.resolve('./group-commit.ts')}'
import { insert } from '${import.meta.resolve('./row-write.ts')}'
const database = await openWriter(process.argv[1])
const commit = new GroupCommit(database)
const statement = { table: 'receipts', columns: ['id', 'at', 'client', 'outcome', 'config_version', 'body', 'size'] }
const row = { id: 'a', at: 1, client: 'c', outcome: 'accept', config_version: 1, body: '{}', size: 2 }
writeSync(1, 'armed\\n')
await commit.write([insert(statement, row)]).then(
  () => writeSync(1, 'answered\\n'),
  (error) => writeSync(1, 'silent ' + error.code + '\\n'),
)
process.exit(0)
`

const folder = mkdtempSync(join(tmpdir(), 'durability-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function strace(...options: string[]): { stdout: string; calls: string[] } {
  const url = `sqlite:${join(folder, `${Math.random()}.db`)}`
  const run = spawnSync(
    'strace',
    [
      ...['-f', '-qq', '-e', 'trace=fsync,fdatasync,write', '-e', 'signal=none', ...options],
      ...[process.execPath, '--input-type=module', '-e', WRITER, url],
    ],
    { encoding: 'utf8', timeout: 30_000 },
  )
  return {
    stdout: run.stdout,
    calls: run.stderr.split('\n').filter((line) => /fsync|fdatasync|write\(1,/.test(line)),
  }
}

function straceMissing(): string | false {
  if (spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0) return false
  if (process.env.CI) throw new Error('strace cannot trace here')
  return 'strace is not installed, or may not trace here'
}

describe('group commit on SQLite, watched by strace', { skip: straceMissing() }, () => {
  it('syncs between taking the row and answering', () => {
    const { calls } = strace()
    const armed = calls.findIndex((call) => call.includes('"armed'))
    const answered = calls.findIndex((call) => call.includes('"answered'))
    assert.ok(armed >= 0 && answered > armed, calls.join('\n'))
    assert.ok(
      calls.slice(armed, answered).some((call) => /f(data)?sync\(.*= 0/.test(call)),
      `no sync before the answer:\n${calls.join('\n')}`,
    )
  })

  it('does not answer where the sync fails', () => {
    // Let the syncs of the start pass, fail all after: which one is the first of the row is counted in a healthy run.
    const { calls } = strace()
    const before = calls
      .slice(
        0,
        calls.findIndex((call) => call.includes('"armed')),
      )
      .filter((call) => /f(data)?sync\(/.test(call)).length
    const failing = strace('-e', `inject=fsync,fdatasync:error=EIO:when=${before + 1}+`)
    assert.match(failing.stdout, /^armed\nsilent commit-failed\n$/, failing.calls.join('\n'))
  })
})

/** Writes rows without end, 50 at a time, and says which were answered. */
const LOADER = `
import { writeSync } from 'node:fs'
import { openWriter } from '${import.meta.resolve('./open.ts')}'
import { GroupCommit } from '${import.meta.resolve('./group-commit.ts')}'
import { insert } from '${import.meta.resolve('./row-write.ts')}'
const commit = new GroupCommit(await openWriter(process.argv[1]))
const statement = { table: 'receipts', columns: ['id', 'at', 'client', 'outcome', 'config_version', 'body', 'size'] }
let last = 0
for (let lane = 0; lane < 50; lane++) {
  void (async () => {
    for (;;) {
      const id = String(++last)
      await commit.write([insert(statement, { id, at: 1, client: 'c', outcome: 'accept', config_version: 1, body: '{}', size: 2 })])
      writeSync(1, id + '\\n')
    }
  })()
}
`

forEachEngine(({ url }) => {
  it('loses no answered row when the process is killed', async () => {
    const target = url()
    const loader = spawn(process.execPath, ['--input-type=module', '-e', LOADER, target], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const answered: string[] = []
    for await (const line of createInterface({ input: loader.stdout })) {
      answered.push(line)
      if (answered.length === 500) loader.kill('SIGKILL')
    }
    assert.ok(answered.length >= 500)
    const database = await openWriter(target)
    try {
      const rows = await database.kysely.selectFrom('receipts').select('id').execute()
      const stored = new Set(rows.map((row) => row.id))
      assert.deepEqual(
        answered.filter((id) => !stored.has(id)),
        [],
      )
    } finally {
      await database.close()
    }
  })
})
