/** Certificates by SCEP: a one-time challenge and a new RSA-2048 key each, durable before the answer goes out. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd, temporaryFolder } from '../../lab/process.ts'
import type { Sallyport } from '../../lab/sallyport.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { LOAD_CORE } from '../cores.ts'
import { startOurs } from '../ours.ts'
import { row } from '../row.ts'
import { cpuSeconds } from '../usage.ts'

const CLIENTS = 16
const USERS = 100
/** Messages are made before the clock runs, so their number is fixed and not the time. */
const A_SECOND = 40
/** Of Debian, which has the libraries. */
const PYTHON = '/usr/bin/python3'
const LOAD = join(import.meta.dirname, '../load/scep-load.py')

interface Run {
  readonly issued: number
  readonly failed: number
  readonly error: string
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly cpuSeconds: number
}

export const enrolmentScep: BenchCase = {
  name: 'enrolment-scep',
  summary: 'certificates per second by SCEP (RSA-2048), each durable before it goes out',
  counterparts: ['python3-cryptography', 'python3-asn1crypto'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    const users = Array.from(
      { length: USERS },
      (_, number) => `  - { name: user-${number}, groups: [staff] }`,
    )
    await using server = await startOurs({
      folder: folder.path,
      document: `
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, suffixes: [bench.test], sources: [local] }]
groups: [{ name: staff }]
users:
${users.join('\n')}
enrolment: { scep: { enabled: true } }
certificateTemplates: [{ name: bench, perHolder: 1000, enrol: { groups: [staff] }, keys: { algorithms: [rsa] } }]
`,
    })
    const file = join(folder.path, 'challenges')
    await scepRun(server, file, warmUpSeconds * A_SECOND)
    const ours: Run[] = []
    for (let run = 1; run <= count; run++) {
      console.error(`enrolment-scep: run ${run} of ${count}`)
      ours.push(await scepRun(server, file, loadSeconds * A_SECOND))
    }
    const figures = { runs: { ours, peer: [] as Run[] } }
    return {
      rows: [
        row(
          { ...figures, case: 'enrolment-scep', unit: 'certificates/s' },
          (run) => run.issued / run.seconds,
        ),
        row({ ...figures, case: 'enrolment-scep, CPU', unit: 'ms a certificate' }, (run) => {
          return (run.cpuSeconds * 1000) / run.issued
        }),
        row({ ...figures, case: 'enrolment-scep, p99', unit: 'ms' }, ({ p99 }) => p99),
      ],
      raw: figures.runs,
    }
  },
}

async function scepRun(server: Sallyport, file: string, certificates: number): Promise<Run> {
  writeFileSync(file, (await challenges(server, certificates)).join('\n'))
  const { pid } = server.process
  const before = cpuSeconds(pid)
  const [program, ...pinned] = LOAD_CORE
  const load = [LOAD, `http://127.0.0.1:${server.httpPort}/scep/bench`, file, `${CLIENTS}`]
  const { code, output, stdout } = await runToEnd(program, [...pinned, PYTHON, ...load], {
    milliseconds: 60_000 + certificates * 200,
  })
  if (code !== 0) throw new Error(`the SCEP load failed: ${output}`)
  const run = JSON.parse(stdout) as Omit<Run, 'cpuSeconds'> // as the load prints it
  if (run.failed > 0) throw new Error(`${run.failed} certificates were not issued, the last: ${run.error}`)
  return { ...run, cpuSeconds: cpuSeconds(pid) - before }
}

/** One for each certificate, with the account it is for. */
async function challenges({ api }: Sallyport, count: number): Promise<string[]> {
  const lines: string[] = []
  while (lines.length < count) {
    const together = Array.from({ length: Math.min(CLIENTS, count - lines.length) }, async (_, index) => {
      const user = `user-${(lines.length + index) % USERS}`
      const made = await api.send<{ challenge: string }>('POST', '/challenges', { template: 'bench', user })
      return `${user} ${made.challenge}`
    })
    lines.push(...(await Promise.all(together)))
  }
  return lines
}
