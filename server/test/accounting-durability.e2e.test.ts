/**
 * Law 4, on the real process: what an Accounting-Response acknowledged is in the database, whatever happens to the server.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { type AccountingNas, loadUntil, openNas, reportSession } from '@sallyport/lab/accounting-load'
import { type PostgresServer, postgresMissing, startPostgres } from '@sallyport/lab/postgres'
import { start, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { openReader } from '../src/store/open.ts'

const SECRET = 'secret-of-the-nas-under-load'
const CLIENT = `clients: [{ name: this-machine, address: 127.0.0.1, secret: ${SECRET} }]`
const LANES = 32

type Ports = Pick<Sallyport, 'authPort' | 'acctPort' | 'httpsPort'>

async function startServer(
  data: string,
  args: readonly string[] = [],
  ports: Partial<Ports> = {},
): Promise<Sallyport> {
  const { authPort, acctPort, httpsPort } = ports
  return await startSallyport({
    data,
    args: ['--bind', '127.0.0.1', ...args],
    ...(authPort === undefined ? {} : { authPort }),
    ...(acctPort === undefined ? {} : { acctPort }),
    ...(httpsPort === undefined ? {} : { httpsPort }),
  })
}

/** Kills the server `times` under load; resolves to all acknowledged ids and the milliseconds of each start. */
async function killAgainAndAgain(times: number, data: string, args: readonly string[] = []) {
  const acknowledged: string[] = []
  const startMilliseconds: number[] = []
  let ports: Partial<Ports> = {}
  for (let round = 0; round < times; round++) {
    const startedAt = performance.now()
    await using server = await startServer(data, args, ports)
    startMilliseconds.push(performance.now() - startedAt)
    if (round === 0) await server.api.apply(CLIENT)
    ports = server
    const nas: AccountingNas = { port: server.acctPort, secret: SECRET }
    // Each time at another moment of a transaction.
    const load = { prefix: `round-${round}`, lanes: LANES, enough: 60 + 23 * round }
    acknowledged.push(...(await loadUntil(nas, load, () => server.process.stop('SIGKILL'))))
  }
  return { acknowledged, startMilliseconds }
}

async function storedSessions(url: string): Promise<ReadonlySet<string | null>> {
  const database = await openReader(url)
  try {
    const rows = await database.kysely.selectFrom('accounting_records').select('acct_session_id').execute()
    const sessions = await database.kysely.selectFrom('sessions').select('acct_session_id').execute()
    const live = new Set(sessions.map((row) => row.acct_session_id))
    return new Set(rows.map((row) => row.acct_session_id)).intersection(live)
  } finally {
    await database.close()
  }
}

function assertNothingLost(acknowledged: readonly string[], stored: ReadonlySet<string | null>): void {
  assert.deepEqual(
    acknowledged.filter((id) => !stored.has(id)),
    [],
    'acknowledged, but not stored',
  )
}

describe('kill -9 under accounting load', () => {
  it('loses no acknowledged row in 20 times, on SQLite', async (context) => {
    using folder = temporaryFolder()
    const { acknowledged, startMilliseconds } = await killAgainAndAgain(20, folder.path)
    const file = join(folder.path, 'sallyport.db')
    assertNothingLost(acknowledged, await storedSessions(`sqlite:${file}`))
    const database = new DatabaseSync(file)
    assert.deepEqual(
      database
        .prepare('pragma integrity_check')
        .all()
        .map((row) => row.integrity_check),
      ['ok'],
    )
    database.close()
    const median = startMilliseconds.toSorted((a, b) => a - b)[10] ?? Number.POSITIVE_INFINITY
    context.diagnostic(
      `${acknowledged.length} acknowledged, none lost; start to ready ${Math.round(median)} ms`,
    )
  })

  const skip = postgresMissing() ?? false
  it('loses no acknowledged row in 3 times, on PostgreSQL', { skip }, async (context) => {
    using folder = temporaryFolder()
    const postgres: PostgresServer = await startPostgres()
    try {
      const url = postgres.database('sallyport')
      const { acknowledged } = await killAgainAndAgain(3, folder.path, ['--database', url])
      assertNothingLost(acknowledged, await storedSessions(url))
      context.diagnostic(`${acknowledged.length} acknowledged, none lost`)
    } finally {
      await postgres.stop()
    }
  })
})

function straceMissing(): string | false {
  if (spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0) return false
  if (process.env.CI) throw new Error('strace cannot trace here')
  return 'strace is not installed, or may not trace here'
}

describe('Accounting-Response, watched by strace', { skip: straceMissing() }, () => {
  const folder = temporaryFolder()
  let server: Sallyport

  before(async () => {
    server = await startServer(folder.path)
    await server.api.apply(CLIENT)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  /** Follows all threads of the running server while `work` runs. Resolves to the lines of strace. */
  async function traced(options: readonly string[], work: () => Promise<void>): Promise<readonly string[]> {
    const file = join(folder.path, 'strace.log')
    const line = ['-f', '-y', '-e', 'signal=none', ...options, '-o', file, '-p', `${server.process.pid}`]
    await using strace = start('strace', line)
    await strace.waitFor(/attached/)
    await work()
    await strace.stop('SIGINT')
    return readFileSync(file, 'utf8').split('\n')
  }

  async function report(ids: readonly string[], timeoutMs?: number): Promise<boolean[]> {
    const client = openNas({ port: server.acctPort, secret: SECRET }, timeoutMs)
    try {
      const answered: boolean[] = []
      for (const id of ids) answered.push(await reportSession(client, id))
      return answered
    } finally {
      await client.close()
    }
  }

  it('leaves after the write-ahead log was synced', async () => {
    const calls = 'trace=fsync,fdatasync,sendto,sendmsg,sendmmsg'
    const lines = await traced(['-e', calls], async () => {
      assert.deepEqual(await report(['one', 'two', 'three']), [true, true, true])
    })
    assert.deepEqual(
      eventsOf(lines),
      ['sync', 'answer', 'sync', 'answer', 'sync', 'answer'],
      lines.join('\n'),
    )
  })

  it('does not leave where the sync fails', async () => {
    const inject = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO']
    const lines = await traced(inject, async () => {
      assert.deepEqual(await report(['never'], 1500), [false])
    })
    assert.ok(
      lines.some((line) => line.includes('EIO') && line.includes('INJECTED')),
      `no sync failed:\n${lines.join('\n')}`,
    )
    // The disk is well again, and so is the server.
    assert.deepEqual(await report(['again'], 5000), [true])
    assert.ok((await storedSessions(`sqlite:${join(folder.path, 'sallyport.db')}`)).has('again'))
  })
})

/** Completed syncs of the write-ahead log and Accounting-Responses sent, in order; syncs in a row count once. */
function eventsOf(lines: readonly string[]): string[] {
  const syncing = new Set<string>()
  const events: string[] = []
  for (const line of lines) {
    const thread = line.split(' ', 1)[0] ?? ''
    const isBegun = /f(data)?sync\(\d+<[^>]*-wal>/.test(line)
    if (isBegun && line.includes('<unfinished')) syncing.add(thread)
    const isResumed = /<\.\.\. f(data)?sync resumed>/.test(line) && syncing.delete(thread)
    // Code 5, Accounting-Response, is the first octet; written \005 where a digit follows.
    if ((isBegun || isResumed) && line.endsWith('= 0') && events.at(-1) !== 'sync') events.push('sync')
    else if (/send(to|msg|mmsg)\(.*"\\(00)?5/.test(line)) events.push('answer')
  }
  return events
}
