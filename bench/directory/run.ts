import type { Running } from '../../lab/process.ts'
import type { Sallyport } from '../../lab/sallyport.ts'
import { alternate } from '../alternate.ts'
import type { CaseResult, Pace } from '../case.ts'
import { type Account, type LoadResult, loadAs, pacedLoadAs } from '../load.ts'
import { journalAtRest } from '../ours.ts'
import { ratioAtLeast, ratioAtMost, row } from '../row.ts'
import { cpuSeconds } from '../usage.ts'

export interface DirectoryRun extends LoadResult {
  /** Of the server alone, with what the load left behind: neither of the directory nor of winbind. */
  readonly cpuSeconds: number
}

/** One server under the loads of a case. */
export interface Side {
  full(seconds: number): Promise<DirectoryRun>
  paced(seconds: number, rate: number): Promise<LoadResult>
}

export function ourSide(server: Sallyport, account: Account): Side {
  return side(server, account, () => journalAtRest(server))
}

export function peerSide(
  server: { readonly process: Running; readonly authPort: number },
  account: Account,
): Side {
  return side(server, account, async () => {})
}

function side(
  server: { readonly process: Running; readonly authPort: number },
  account: Account,
  rest: () => Promise<unknown>,
): Side {
  const { authPort, process } = server
  return {
    async full(seconds) {
      await rest()
      const before = cpuSeconds(process.pid)
      const result = await loadAs(account, authPort, seconds)
      await rest()
      return { ...result, cpuSeconds: cpuSeconds(process.pid) - before }
    },
    async paced(seconds, rate) {
      await rest()
      return await pacedLoadAs(account, authPort, { seconds, rate })
    },
  }
}

/**
 * A closed loop for rate and CPU; then, at half of what the slower server answers and the same for both, the 99th
 * percentile: in a closed loop it would show the loop.
 */
export async function comparedRows(
  { name, peerName, pace }: { readonly name: string; readonly peerName: string; readonly pace: Pace },
  ours: Side,
  peer: Side,
): Promise<CaseResult> {
  // The first login of each account is looked up.
  const warmUpSeconds = 2 * pace.warmUpSeconds + 2
  await ours.full(warmUpSeconds)
  await peer.full(warmUpSeconds)
  const runs = await alternate(
    name,
    pace.runs,
    () => ours.full(pace.loadSeconds),
    () => peer.full(pace.loadSeconds),
  )
  const rate = ({ accepted, seconds }: DirectoryRun): number => accepted / seconds
  const half = Math.max(1, Math.floor(Math.min(...[...runs.ours, ...runs.peer].map(rate)) / 2))
  const paced = await alternate(
    `${name}, ${half} a second`,
    pace.runs,
    () => ours.paced(pace.loadSeconds, half),
    () => peer.paced(pace.loadSeconds, half),
  )
  const figures = { runs, peerName }
  return {
    rows: [
      row({ ...figures, case: name, unit: 'requests/s', goal: ratioAtLeast(1) }, rate),
      row(
        { case: `${name}, ${half}/s, p99`, unit: 'ms', goal: ratioAtMost(1), runs: paced, peerName },
        (run) => run.p99,
      ),
      row({ ...figures, case: `${name}, CPU`, unit: 'µs/request' }, (run) => {
        return (run.cpuSeconds / (run.accepted + run.late)) * 1e6
      }),
    ],
    raw: { ours: [...runs.ours, ...paced.ours], peer: [...runs.peer, ...paced.peer] },
  }
}
