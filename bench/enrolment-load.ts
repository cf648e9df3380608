/** What the enrolment cases share: a load that asks for certificates, and the rows its runs become. */
import { runToEnd } from '../lab/process.ts'
import { LOAD_CORE } from './cores.ts'
import { row } from './row.ts'
import { cpuSeconds } from './usage.ts'

/** One run of a load, as the load prints it, and the CPU time the server took for it. */
export interface EnrolmentRun {
  readonly issued: number
  readonly failed: number
  readonly error: string
  readonly seconds: number
  /** Milliseconds from the request to the certificate. */
  readonly p50: number
  readonly p99: number
  readonly cpuSeconds: number
}

/** @param pid of the server under load; @param command the load, which prints one JSON object */
export async function enrolmentRun(
  pid: number,
  command: readonly string[],
  milliseconds: number,
): Promise<EnrolmentRun> {
  const before = cpuSeconds(pid)
  const [program, ...pinned] = LOAD_CORE
  const { code, output, stdout } = await runToEnd(program, [...pinned, ...command], { milliseconds })
  if (code !== 0) throw new Error(`the load failed: ${output}`)
  const run = JSON.parse(stdout) as Omit<EnrolmentRun, 'cpuSeconds'>
  if (run.failed > 0) throw new Error(`${run.failed} certificates were not issued, the last: ${run.error}`)
  return { ...run, cpuSeconds: cpuSeconds(pid) - before }
}

/** Certificates a second, CPU time each, and the slowest of a hundred. */
export function enrolmentRows(
  name: string,
  figures: { readonly runs: { ours: EnrolmentRun[]; peer: EnrolmentRun[] }; readonly peerName?: string },
) {
  const cpu = (run: EnrolmentRun) => (run.cpuSeconds * 1000) / run.issued
  return [
    row({ ...figures, case: name, unit: 'certificates/s' }, ({ issued, seconds }) => issued / seconds),
    row({ ...figures, case: `${name}, CPU`, unit: 'ms a certificate' }, cpu),
    row({ ...figures, case: `${name}, p99`, unit: 'ms' }, ({ p99 }) => p99),
  ]
}

/** The section `users`: user-0, user-1 ... in the group staff. */
export function staffYaml(count: number, password?: string): string {
  const secret = password === undefined ? '' : ` password: "${password}",`
  const line = (number: number) => `  - { name: user-${number},${secret} groups: [staff] }`
  return ['users:', ...Array.from({ length: count }, (_, number) => line(number))].join('\n')
}
