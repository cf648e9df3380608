/** Certificates by EST: name and password, a new P-256 key each, durable before the answer goes out. */
import { join } from 'node:path'
import { runToEnd, temporaryFolder } from '../../lab/process.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { LOAD_CORE } from '../cores.ts'
import { startOurs } from '../ours.ts'
import { row } from '../row.ts'
import { cpuSeconds } from '../usage.ts'

const CLIENTS = 16
/** One account may hold so many certificates of a template. */
const PER_HOLDER = 1000
const USERS = 200
const PASSWORD = 'Vpn-Passw0rd!'
const LOAD = join(import.meta.dirname, '../load/est-load.py')

interface Run {
  readonly issued: number
  readonly failed: number
  readonly error: string
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly cpuSeconds: number
}

export const enrolmentEst: BenchCase = {
  name: 'enrolment-est',
  summary: 'certificates per second by EST (P-256), each durable before it goes out',
  counterparts: ['python3-cryptography'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    const users = Array.from(
      { length: USERS },
      (_, number) => `  - { name: user-${number}, password: "${PASSWORD}", groups: [staff] }`,
    )
    await using server = await startOurs({
      folder: folder.path,
      // A password costs next to nothing to check in this form: what is measured is the certificate.
      document: `
sources: [{ name: local, kind: local, passwordStorage: nt-hash }]
realms: [{ name: default, default: true, suffixes: [bench.test], sources: [local] }]
groups: [{ name: staff }]
users:
${users.join('\n')}
certificateTemplates: [{ name: bench, perHolder: ${PER_HOLDER}, enrol: { groups: [staff] } }]
`,
    })
    const target = { port: server.enrolPort, root: join(server.data, 'ca.pem'), pid: server.process.pid }
    await estRun(target, warmUpSeconds)
    const ours: Run[] = []
    for (let run = 1; run <= count; run++) {
      console.error(`enrolment-est: run ${run} of ${count}`)
      ours.push(await estRun(target, loadSeconds))
    }
    const figures = { runs: { ours, peer: [] as Run[] } }
    return {
      rows: [
        row({ ...figures, case: 'enrolment-est', unit: 'certificates/s' }, (run) => run.issued / run.seconds),
        row({ ...figures, case: 'enrolment-est, CPU', unit: 'ms a certificate' }, (run) => {
          return (run.cpuSeconds * 1000) / run.issued
        }),
        row({ ...figures, case: 'enrolment-est, p99', unit: 'ms' }, ({ p99 }) => p99),
      ],
      raw: figures.runs,
    }
  },
}

async function estRun(
  { port, root, pid }: { readonly port: number; readonly root: string; readonly pid: number },
  seconds: number,
): Promise<Run> {
  const before = cpuSeconds(pid)
  const [program, ...pinned] = LOAD_CORE
  const load = [LOAD, `${port}`, root, PASSWORD, `${seconds}`, `${CLIENTS}`, `${USERS}`]
  const { code, output, stdout } = await runToEnd(program, [...pinned, 'python3', ...load], {
    milliseconds: (seconds + 30) * 1000,
  })
  if (code !== 0) throw new Error(`the EST load failed: ${output}`)
  const run = JSON.parse(stdout) as Omit<Run, 'cpuSeconds'> // as the load prints it
  if (run.failed > 0) throw new Error(`${run.failed} certificates were not issued, the last: ${run.error}`)
  return { ...run, cpuSeconds: cpuSeconds(pid) - before }
}
