/** How long a PAP login waits for its answer at half of the rate the server can take. */
import { temporaryFolder } from '../../lab/process.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { load, pacedLoad } from '../load.ts'
import { journalAtRest, startOurs } from '../ours.ts'
import { startPeer } from '../peer.ts'
import { oursBelow, row } from '../row.ts'

interface Run {
  readonly peak: number
  readonly p50: number
  readonly p99: number
  readonly lost: number
}

export const latency: BenchCase = {
  name: 'latency',
  summary: 'answer time of PAP at half of the peak rate',
  counterparts: ['freeradius', 'gcc', 'libc6-dev'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    await using ours = await startOurs({ folder: folder.path })
    await using peer = await startPeer({ folder: folder.path })
    const run = async (port: number, rest: () => Promise<unknown>, seconds: number): Promise<Run> => {
      await rest()
      const { accepted, seconds: took } = await load('pap', port, seconds)
      await rest()
      const peak = accepted / took
      const { p50, p99, lost } = await pacedLoad(port, seconds, peak / 2)
      return { peak, p50, p99, lost }
    }
    const runOurs = (seconds: number): Promise<Run> => run(ours.authPort, () => journalAtRest(ours), seconds)
    const runPeer = (seconds: number): Promise<Run> => run(peer.authPort, async () => {}, seconds)
    await runOurs(warmUpSeconds)
    await runPeer(warmUpSeconds)
    const runs = await alternate(
      'latency',
      count,
      () => runOurs(loadSeconds),
      () => runPeer(loadSeconds),
    )
    const figures = { unit: 'ms', runs }
    return {
      rows: [
        row(
          { ...figures, case: 'latency, p99 at half of peak', goal: oursBelow(50, 'ms') },
          ({ p99 }) => p99,
        ),
        row({ ...figures, case: 'latency, median at half of peak' }, ({ p50 }) => p50),
        row({ ...figures, case: 'latency, half of peak', unit: 'requests/s' }, ({ peak }) => peak / 2),
        row({ ...figures, case: 'latency, lost', unit: 'requests' }, ({ lost }) => lost),
      ],
      raw: runs,
    }
  },
}
