/** PAP requests per second: password checked, policy decided, receipt stored. */
import { temporaryFolder } from '../../lab/process.ts'
import type { Sallyport } from '../../lab/sallyport.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { type LoadResult, load } from '../load.ts'
import { countRows, journalAtRest, startOurs } from '../ours.ts'
import { startPeer } from '../peer.ts'
import { ratioAtLeast, row } from '../row.ts'
import { cpuSeconds } from '../usage.ts'

interface PeerRun extends LoadResult {
  /** Of the server while it was under load. */
  readonly cpuSeconds: number
  /** With what it had to do afterwards, until all receipts were stored. */
  readonly cpuSecondsInAll: number
}

interface OurRun extends PeerRun {
  readonly receiptsStored: number
  readonly receiptsDropped: number
}

export const pap: BenchCase = {
  name: 'pap',
  summary: 'PAP requests per second, with policy and receipts on',
  counterparts: ['freeradius', 'gcc', 'libc6-dev'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    await using ours = await startOurs({ folder: folder.path })
    await using peer = await startPeer({ folder: folder.path })
    await runOurs(ours, warmUpSeconds)
    await runPeer(peer, warmUpSeconds)
    const runs = await alternate(
      'pap',
      count,
      () => runOurs(ours, loadSeconds),
      () => runPeer(peer, loadSeconds),
    )
    const { rate, processor, stored, dropped } = FIGURES
    return {
      rows: [
        row({ case: 'pap', unit: 'requests/s', goal: ratioAtLeast(1.3), runs }, rate),
        row({ case: 'pap, CPU, receipts stored', unit: 'µs/request', runs }, processor),
        row({ case: 'pap, receipts stored', unit: '% of requests', runs: { ...runs, peer: [] } }, stored),
        row({ case: 'pap, receipts dropped', unit: '% of requests', runs: { ...runs, peer: [] } }, dropped),
      ],
      raw: runs,
    }
  },
}

const answered = (run: LoadResult): number => run.accepted + run.late

const FIGURES = {
  rate: (run: PeerRun) => run.accepted / run.seconds,
  processor: (run: PeerRun) => (run.cpuSecondsInAll / answered(run)) * 1e6,
  stored: (run: OurRun) => (run.receiptsStored / answered(run)) * 100,
  dropped: (run: OurRun) => (run.receiptsDropped / answered(run)) * 100,
}

async function runOurs(server: Sallyport, seconds: number): Promise<OurRun> {
  const { pid } = server.process
  const before = {
    ...(await journalAtRest(server)),
    cpu: cpuSeconds(pid),
    rows: countRows(server, 'receipts'),
  }
  const result = await load('pap', server.authPort, seconds)
  const loaded = cpuSeconds(pid)
  const after = await journalAtRest(server)
  const run = {
    ...result,
    cpuSeconds: loaded - before.cpu,
    cpuSecondsInAll: cpuSeconds(pid) - before.cpu,
    receiptsStored: countRows(server, 'receipts') - before.rows,
    receiptsDropped: after.dropped - before.dropped,
  }
  const recorded = after.recorded - before.recorded
  if (run.receiptsStored !== recorded || recorded + run.receiptsDropped < answered(result)) {
    throw new Error(`Receipts are missing: ${recorded} recorded, ${JSON.stringify(run)}`)
  }
  return run
}

async function runPeer(server: Awaited<ReturnType<typeof startPeer>>, seconds: number): Promise<PeerRun> {
  const before = cpuSeconds(server.process.pid)
  const result = await load('pap', server.authPort, seconds)
  const used = cpuSeconds(server.process.pid) - before
  return { ...result, cpuSeconds: used, cpuSecondsInAll: used }
}
