import type { Counterpart } from '../lab/debian.ts'
import type { Row } from './row.ts'

/** How long and how often; both servers get the same. */
export interface Pace {
  /** Pairs of runs: ours, peer, ours, peer ... */
  readonly runs: number
  /** Load before the first run that counts: compilers, caches and pools get warm. */
  readonly warmUpSeconds: number
  readonly loadSeconds: number
  /** EAP runs before the first that counts: a compiled-as-it-runs server takes thousands of logins to get fast. */
  readonly warmUpRuns: number
  readonly supplicants: number
  /** In one run of each supplicant, one after the other. */
  readonly loginsEach: number
  readonly idleSeconds: number
}

export const FULL: Pace = {
  runs: 3,
  warmUpSeconds: 5,
  loadSeconds: 10,
  warmUpRuns: 2,
  supplicants: 24,
  loginsEach: 40,
  idleSeconds: 4,
}

export const QUICK: Pace = {
  runs: 2,
  warmUpSeconds: 2,
  loadSeconds: 3,
  warmUpRuns: 1,
  supplicants: 4,
  loginsEach: 15,
  idleSeconds: 3,
}

export interface CaseResult {
  readonly rows: readonly Row[]
  /** Everything each run counted, in order, behind the figures of the rows. */
  readonly raw: { readonly ours: readonly object[]; readonly peer: readonly object[] }
}

export interface BenchCase {
  readonly name: string
  readonly summary: string
  /** Debian packages it needs. */
  readonly counterparts: readonly Counterpart[]
  /** Throws where a server answers wrongly: then there is no figure. */
  run(pace: Pace): Promise<CaseResult>
}
