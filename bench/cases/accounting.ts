/** Accounting rows per second that are on disk before the answer goes out. */
import { temporaryFolder } from '../../lab/process.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { countRows, freeRadiusDatabase, startDatabase } from '../database.ts'
import { type LoadResult, load } from '../load.ts'
import { countRows as countOwnRows, startOurs } from '../ours.ts'
import { startPeer } from '../peer.ts'
import { ratioAtLeast, row } from '../row.ts'
import { cpuSeconds } from '../usage.ts'

interface Run extends LoadResult {
  /** New rows in the database afterwards. */
  readonly rows: number
  /** Of the server and its database. */
  readonly cpuSeconds: number
}

interface Target {
  readonly port: number
  readonly rows: () => number
  readonly pids: readonly number[]
}

export const accountingSqlite: BenchCase = {
  name: 'accounting-sqlite',
  summary: 'durable accounting rows per second, ours on SQLite',
  counterparts: ['freeradius', 'freeradius-postgresql', 'postgresql', 'gcc', 'libc6-dev'],
  run: (pace) => compare('accounting-sqlite', 'sqlite', pace),
}

export const accountingPostgres: BenchCase = {
  ...accountingSqlite,
  name: 'accounting-postgres',
  summary: 'durable accounting rows per second, both on PostgreSQL',
  run: (pace) => compare('accounting-postgres', 'postgres', pace),
}

async function compare(name: string, engine: 'sqlite' | 'postgres', pace: Pace): Promise<CaseResult> {
  using folder = temporaryFolder('sallyport-bench-')
  await using database = await startDatabase()
  const freeRadius = freeRadiusDatabase(database)
  await using peer = await startPeer({ folder: folder.path, postgres: freeRadius.connection })
  const ownDatabase = engine === 'postgres' ? database.database('sallyport') : undefined
  await using ours = await startOurs({
    folder: folder.path,
    ...(ownDatabase === undefined ? {} : { database: ownDatabase }),
  })
  const ownTarget: Target = {
    port: ours.acctPort,
    rows: () =>
      ownDatabase === undefined
        ? countOwnRows(ours, 'accounting_records')
        : countRows(ownDatabase, 'accounting_records'),
    pids: ownDatabase === undefined ? [ours.process.pid] : [ours.process.pid, database.pid],
  }
  const peerTarget: Target = {
    port: peer.acctPort,
    rows: () => countRows(freeRadius.url, 'radacct'),
    pids: [peer.process.pid, database.pid],
  }
  await accountingRun(ownTarget, pace.warmUpSeconds)
  await accountingRun(peerTarget, pace.warmUpSeconds)
  const runs = await alternate(
    name,
    pace.runs,
    () => accountingRun(ownTarget, pace.loadSeconds),
    () => accountingRun(peerTarget, pace.loadSeconds),
  )
  const peerName = 'FreeRADIUS on PostgreSQL'
  return {
    rows: [
      row({ case: name, unit: 'rows/s', peerName, goal: ratioAtLeast(5), runs }, (run) => {
        return run.accepted / run.seconds
      }),
      row({ case: `${name}, found again`, unit: '% of acknowledged', peerName, runs }, (run) => {
        return (run.rows / acknowledged(run)) * 100
      }),
    ],
    raw: runs,
  }
}

const acknowledged = (run: LoadResult): number => run.accepted + run.late

/** Every acknowledged row must be there, and none that was not asked for. */
async function accountingRun({ port, rows, pids }: Target, seconds: number): Promise<Run> {
  const used = (): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  const [rowsBefore, usedBefore] = [rows(), used()]
  const result = await load('acct', port, seconds)
  const run = { ...result, cpuSeconds: used() - usedBefore, rows: rows() - rowsBefore }
  if (run.rows < acknowledged(run) || run.rows > run.sent) {
    throw new Error(`The rows in the database are not those acknowledged: ${JSON.stringify(run)}`)
  }
  return run
}
